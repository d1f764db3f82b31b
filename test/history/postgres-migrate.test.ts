import { Client } from 'pg'
import { expect, it } from 'vitest'
import { Connection } from '../../src/history/postgres/connection.ts'
import { migrate } from '../../src/history/postgres/migrate.ts'
import { describeWithPostgres } from '../support/postgres/describe-with-postgres.ts'

const first = `CREATE TABLE swarm_autoscaler.one (n integer NOT NULL); INSERT INTO swarm_autoscaler.one VALUES (1)`
const second = `ALTER TABLE swarm_autoscaler.one ADD COLUMN m text; UPDATE swarm_autoscaler.one SET m = n;
  CREATE TABLE swarm_autoscaler.two (n integer)`
const broken = 'DROP TABLE swarm_autoscaler.two; INSERT INTO swarm_autoscaler.nowhere VALUES (1)'

await describeWithPostgres('migrations of PostgreSQL', (postgres) => {
  /** Migrates with a connection of its own. */
  async function migrateIn(database: string, ...migrations: string[]): Promise<void> {
    const client = new Client({ connectionString: postgres().address(database) })
    await client.connect()
    try {
      await migrate(new Connection(client), { migrations, timeoutMs: 60_000 })
    } finally {
      await client.end()
    }
  }
  const rowsOf = (database: string, table: string) =>
    postgres().query(database, `SELECT * FROM swarm_autoscaler.${table}`)

  it('go from nothing to the newest version, and change nothing there', async () => {
    const database = await postgres().createDatabase()
    for (let times = 0; times < 2; times++) await migrateIn(database, first, second)
    expect(await rowsOf(database, 'schema_version')).toEqual([{ version: 2 }])
    expect(await rowsOf(database, 'one')).toEqual([{ n: 1, m: '1' }])
  })

  it('go from each earlier version to the newest, and keep what was there', async () => {
    const database = await postgres().createDatabase()
    await migrateIn(database, first)
    await postgres().query(database, 'INSERT INTO swarm_autoscaler.one VALUES (2)')
    await migrateIn(database, first, second)
    expect(await rowsOf(database, 'one')).toEqual([
      { n: 1, m: '1' },
      { n: 2, m: '2' },
    ])
  })

  it('take a step whole or not at all, keep the steps before it, and go on from there', async () => {
    const database = await postgres().createDatabase()
    await expect(migrateIn(database, first, second, broken)).rejects.toThrow(/nowhere/)
    expect(await rowsOf(database, 'schema_version')).toEqual([{ version: 2 }])
    expect(await rowsOf(database, 'two')).toEqual([])
    await migrateIn(database, first, second, 'DROP TABLE swarm_autoscaler.two')
    expect(await rowsOf(database, 'schema_version')).toEqual([{ version: 3 }])
  })

  it('take each step once, however many begin at the same time', async () => {
    const database = await postgres().createDatabase()
    await Promise.all(Array.from({ length: 10 }, () => migrateIn(database, first, second)))
    expect(await rowsOf(database, 'one')).toEqual([{ n: 1, m: '1' }])
  })

  it('refuse a newer version, and change nothing', async () => {
    const database = await postgres().createDatabase()
    await migrateIn(database, first, second)
    await expect(migrateIn(database, first)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringMatching(/version 2 .* up to 1/),
    })
    expect(await rowsOf(database, 'schema_version')).toEqual([{ version: 2 }])
  })
})
