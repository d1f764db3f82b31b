import { join } from 'node:path'
import { PostgresStore } from './postgres/postgres-store.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'
import type { HistoryStore } from './store.ts'

export interface StoreAddress {
  /** A `postgres://` URL. Empty: a file in `dataDir`. */
  readonly databaseUrl: string
  /** The folder of the file. It is created if it is missing. */
  readonly dataDir: string
}

/** The store of the history. It opens on first use, so its faults are errors of its calls. Never throws. */
export function openStore({ databaseUrl, dataDir }: StoreAddress): HistoryStore {
  return databaseUrl === '' ? new SqliteStore(join(dataDir, 'history.db')) : new PostgresStore(databaseUrl)
}
