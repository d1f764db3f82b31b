import { SqliteFile } from '../../../src/history/sqlite/sqlite-file.ts'
import type { HistoryStore } from '../../../src/history/store.ts'

/** The file of a `SqliteStore` without the thread that it has there: a mutant is active in the thread of the tests alone. */
export function fileStore(path: string): HistoryStore {
  const file = new SqliteFile(path)
  return {
    write: async (entries) => file.write(entries),
    events: async (query) => file.events(query),
    services: async (query) => file.services(query),
    counts: async (query) => file.counts(query),
    watches: async (query) => file.watches(query),
    past: async (query) => file.past(query),
    prune: async (retention) => file.prune(retention),
    close: async () => file.close(),
  }
}
