import { HistoryError } from '../history-error.ts'
import type { Connection } from './connection.ts'
import { schema } from './migrations.ts'

/** The lock of this program: its holder migrates. */
const lock = 0x5_ca1e_0001

export interface MigrateOptions {
  readonly migrations: readonly string[]
  /** Longest statement, in ms. */
  readonly timeoutMs: number
}

/**
 * Migrates the tables to the newest version, each step completely or not at all. If several receivers start at once, one migrates and
 * the others wait. Throws `newer`, without a change, if the tables are newer.
 */
export async function migrate(connection: Connection, options: MigrateOptions): Promise<void> {
  const { migrations, timeoutMs } = options
  while ((await versionOf(connection, migrations)) < migrations.length) {
    await connection.transaction(timeoutMs, () => step(connection, migrations))
  }
}

async function step(connection: Connection, migrations: readonly string[]): Promise<void> {
  await connection.exec(`SELECT pg_advisory_xact_lock(${lock})`)
  // Another receiver may have migrated them.
  const version = await versionOf(connection, migrations)
  const migration = migrations[version]
  if (migration === undefined) return
  if (version === 0) await begin(connection)
  await connection.exec(migration)
  await connection.run({ text: `UPDATE ${schema}.schema_version SET version = $1`, values: [version + 1] })
}

/** The schema may exist already, created by an administrator for a user without that privilege. */
async function begin(connection: Connection): Promise<void> {
  const isThere = { text: 'SELECT 1 FROM pg_namespace WHERE nspname = $1', values: [schema] }
  if ((await connection.all(isThere)).length === 0) await connection.exec(`CREATE SCHEMA ${schema}`)
  await connection.exec(`CREATE TABLE ${schema}.schema_version (version double precision NOT NULL);
    INSERT INTO ${schema}.schema_version VALUES (0)`)
}

async function versionOf(connection: Connection, migrations: readonly string[]): Promise<number> {
  // Not to_regclass(): it may answer from before the lock was taken.
  const text = `SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'schema_version'`
  if ((await connection.all({ text, values: [schema] })).length === 0) return 0
  const all = await connection.all({ text: `SELECT version FROM ${schema}.schema_version`, values: [] })
  const version = Number(all[0]?.['version'] ?? 0)
  if (version <= migrations.length) return version
  throw new HistoryError(
    'newer',
    `it has version ${version} of the history, from a newer swarm-autoscaler; this one supports versions up to ${migrations.length}`,
  )
}
