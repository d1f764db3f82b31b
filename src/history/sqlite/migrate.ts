import { HistoryError } from '../history-error.ts'
import type { Connection } from './connection.ts'

/** Migrates the file to the newest version, each step completely or not at all. Throws `newer`, without a change, if the file is newer. */
export function migrate(connection: Connection, migrations: readonly string[]): void {
  while (versionOf(connection, migrations) < migrations.length) {
    connection.transaction(() => step(connection, migrations))
  }
}

function step(connection: Connection, migrations: readonly string[]): void {
  // Another receiver may have migrated it.
  const version = versionOf(connection, migrations)
  const migration = migrations[version]
  if (migration === undefined) return
  connection.exec(migration)
  connection.exec(`PRAGMA user_version = ${version + 1}`)
}

/** The version of the file: the number of its migrations. Throws `newer`. */
export function versionOf(connection: Connection, migrations: readonly string[]): number {
  const version = connection.pragma('user_version')
  if (version <= migrations.length) return version
  throw new HistoryError(
    'newer',
    `it has version ${version} of the history, from a newer swarm-autoscaler; this one supports versions up to ${migrations.length}`,
  )
}
