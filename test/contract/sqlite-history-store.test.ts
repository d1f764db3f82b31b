import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { SqliteStore } from '../../src/history/sqlite/sqlite-store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry } from '../support/history/entries.ts'
import { describeStore } from './history-store-contract.ts'

/** Far longer than the machine can be busy with others. */
const timeoutMs = 60_000

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-record-'))
  const store = new SqliteStore(join(folder, 'history.db'), timeoutMs)
  const dispose = async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  }
  return { store, dispose }
}

/** Of a type that no column takes. */
const refused = eventEntry(anEvent(noon + 9, { reactionMs: 'soon' as never }))

describeStore('SQLite', describe, open, { refused, histories: 20 })
