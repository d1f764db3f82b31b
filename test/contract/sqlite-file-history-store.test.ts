import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { SqliteFile } from '../../src/history/sqlite/sqlite-file.ts'
import type { HistoryStore } from '../../src/history/store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry } from '../support/history/entries.ts'
import { describeStore } from './history-store-contract.ts'

/** The file without the thread that a `SqliteStore` gives it: mutations are made in the thread of the tests alone. */
const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-file-'))
  const file = new SqliteFile(join(folder, 'history.db'))
  const store: HistoryStore = {
    write: async (entries) => file.write(entries),
    events: async (query) => file.events(query),
    services: async (query) => file.services(query),
    counts: async (query) => file.counts(query),
    watches: async (query) => file.watches(query),
    past: async (query) => file.past(query),
    prune: async (retention) => file.prune(retention),
    close: async () => file.close(),
  }
  const dispose = async () => {
    file.close()
    rmSync(folder, { recursive: true })
  }
  return { store, dispose }
}

/** Of a type that no column takes. */
const refused = eventEntry(anEvent(noon + 9, { reactionMs: 'soon' as never }))

describeStore("SQLite, in the tests' own thread", describe, open, {
  refused,
  histories: 5,
  reopens: true,
})
