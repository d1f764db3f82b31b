import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry } from '../support/history/entries.ts'
import { fileStore } from '../support/history/file-store.ts'
import { describeStore } from './history-store-contract.ts'

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-file-'))
  const store = fileStore(join(folder, 'history.db'))
  const dispose = async () => {
    await store.close()
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
