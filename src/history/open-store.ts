import { join } from 'node:path'
import { PostgresStore } from './postgres/postgres-store.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'
import type { HistoryStore } from './store.ts'

export interface StoreAddress {
  /** A `postgres://` address. Empty: a file in `dataDir`. */
  readonly databaseUrl: string
  /** The folder of the file; it is made where it is missing. */
  readonly dataDir: string
}

/** The store of the history. It is opened when it is used first: what is wrong with it is told by each call, and never thrown here. */
export function openStore({ databaseUrl, dataDir }: StoreAddress): HistoryStore {
  return databaseUrl === '' ? new SqliteStore(join(dataDir, 'history.db')) : new PostgresStore(databaseUrl)
}
