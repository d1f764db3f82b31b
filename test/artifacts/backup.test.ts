import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresStore } from '../../src/history/postgres/postgres-store.ts'
import { SqliteStore } from '../../src/history/sqlite/sqlite-store.ts'
import type { HistoryStore } from '../../src/history/store.ts'
import { needsProgram } from '../support/debian/with-program.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry } from '../support/history/entries.ts'
import { describeWithPostgres } from '../support/postgres/describe-with-postgres.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/backup.md'), 'utf8')

/** The one line of the page's commands that has these words, as the shell would get it. */
function command(...words: string[]): string {
  const lines = [...page.matchAll(/^```\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'))
  const found = lines.filter((line) => words.every((word) => line.includes(word)))
  expect(found, words.join(' ')).toHaveLength(1)
  return found[0] ?? ''
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-backup-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const sh = async (text: string, env: Readonly<Record<string, string>> = {}) => {
  const PATH = [dirname(process.execPath), env['PATH'], process.env['PATH']].join(delimiter)
  return (
    await promisify(execFile)('sh', ['-c', text], { cwd: folder, env: { ...process.env, ...env, PATH } })
  ).stdout
}

const patientMs = 60_000
const write = (store: HistoryStore, index: number) => store.write([eventEntry(anEvent(noon + index))])
const timesOf = async (store: HistoryStore) =>
  (await store.events({ limit: 99 })).map(({ atMs }) => atMs - noon)

/** What a receiver finds that starts with this file. */
async function timesIn(file: string): Promise<readonly number[]> {
  const store = new SqliteStore(join(folder, file), patientMs)
  const found = await timesOf(store)
  await store.close()
  return found
}

describe('the backups of docs/backup.md', () => {
  let store: SqliteStore
  beforeAll(async () => {
    store = new SqliteStore(join(folder, 'history.db'), patientMs)
    await write(store, 1)
  })
  afterAll(() => store.close())

  it('by Node, while the receiver writes', async () => {
    await write(store, 2)
    const inContainer = command('docker exec', 'VACUUM INTO').replace(/^docker exec \$\(.*?\) /, '')
    await sh(inContainer.replaceAll('/data/', `${folder}/`))
    await write(store, 3)
    expect(await timesIn('backup.db')).toEqual([2, 1])
  })

  it('by sqlite3, while the receiver writes, and the check of it', async (context) => {
    needsProgram('sqlite3', context)
    await write(store, 4)
    await sh(command('.backup'))
    await write(store, 5)
    expect((await sh(command('integrity_check'))).trim()).toBe('ok')
    expect((await timesIn('history-backup.db'))[0]).toBe(4)
  })

  it('restored while the receiver is stopped', async () => {
    await sh(
      command('VACUUM INTO')
        .replace(/^docker exec \$\(.*?\) /, '')
        .replaceAll('/data/backup.db', `${folder}/history-backup-2.db`)
        .replaceAll('/data/', `${folder}/`),
    )
    const before = await timesOf(store)
    await write(store, 9)
    await store.close()
    const inContainer = /sh -c '(.*)'/.exec(command('docker run', 'chown'))?.[1] ?? ''
    expect(inContainer).toMatch(/^rm -f \/data\/history\.db\* && cp /)
    const restore = inContainer.replace('/backup/history-backup.db', `${folder}/history-backup-2.db`)
    await sh(restore.replaceAll('/data/', `${folder}/`).replace(/chown \S+/, 'true'))
    expect(await timesIn('history.db')).toEqual(before)
  })
})

await describeWithPostgres('the backup of docs/backup.md for PostgreSQL', (postgres) => {
  it('is restored into another database, and over what is there', async () => {
    const [from, to] = [await postgres().createDatabase(), await postgres().createDatabase()]
    const open = (database: string) =>
      new PostgresStore(postgres().address(database), { connectMs: patientMs, answerMs: patientMs })
    const [source, target] = [open(from), open(to)]
    await write(source, 1)
    const env = (database: string) => ({
      AUTOSCALER_DATABASE_URL: postgres().address(database),
      PATH: postgres().programs,
    })
    await sh(command('pg_dump'), env(from))
    await write(source, 2)
    await sh(command('pg_restore'), env(to))
    expect(await timesOf(target)).toEqual([1])
    await write(target, 3)
    await sh(command('pg_restore'), env(to))
    expect(await timesOf(target)).toEqual([1])
    await write(target, 4)
    expect(await timesOf(target)).toEqual([4, 1])
    for (const store of [source, target]) await store.close()
  })
})
