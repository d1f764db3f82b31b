import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryError } from '../../src/history/history-error.ts'
import { SqliteStore } from '../../src/history/sqlite/sqlite-store.ts'
import { noon } from '../support/fakes/builders.ts'
import { anEvent, eventEntry, idAt } from '../support/history/entries.ts'
import { describeFileFaults } from './sqlite-file-faults.ts'

/** Far longer than the machine can be busy with others. */
const patientMs = 60_000

let folder: string
let path: string
const stores: SqliteStore[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-record-'))
  path = join(folder, 'history.db')
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(timeoutMs = patientMs): SqliteStore {
  const store = new SqliteStore(path, timeoutMs)
  stores.push(store)
  return store
}

const write = (store: SqliteStore, index: number) => store.write([eventEntry(anEvent(noon + index))])
const idsOf = async (store: SqliteStore) => (await store.events({ limit: 5_000 })).map(({ id }) => id)
const ids = (...indexes: number[]) => indexes.map((index) => idAt(noon + index))

describe('a file that another program locks', () => {
  it('fails the write with what is wrong, still answers, stops nobody, and is written again afterwards', async () => {
    const store = open()
    await write(store, 1)
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    let turns = 0
    const turning = setInterval(() => turns++, 1)
    const failure = expect(write(store, 2)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/another program has locked it/),
    })
    await failure
    clearInterval(turning)
    // SQLite waits for two seconds, in which the loop goes on.
    expect(turns).toBeGreaterThan(20)
    expect(await idsOf(store)).toEqual(ids(1))
    other.exec('COMMIT')
    other.close()
    await write(store, 2)
    expect(await idsOf(store)).toEqual(ids(2, 1))
  })

  it('is given up in time, however long SQLite would wait, and calls that nobody waits for are not made', async () => {
    const store = open(500)
    await write(open(), 1)
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    const failures = [2, 3].map((index) =>
      expect(write(store, index)).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringMatching(/history\.db: no answer within 500 ms/),
      }),
    )
    await Promise.all(failures)
    other.exec('COMMIT')
    other.close()
    expect(await idsOf(open())).not.toContain(idAt(noon + 3))
  })
})

describe('the thread of a store', () => {
  it('is started again when it ends, and pending calls fail', async () => {
    const threads: Worker[] = []
    const remember = (worker: Worker) => threads.push(worker)
    process.on('worker', remember)
    const store = open()
    await write(store, 1)
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    const failure = expect(write(store, 2)).rejects.toMatchObject({ code: 'unreachable' })
    await threads[0]?.terminate()
    await failure
    other.exec('COMMIT')
    other.close()
    await write(store, 3)
    process.off('worker', remember)
    expect(threads).toHaveLength(2)
    expect(await idsOf(store)).toEqual(expect.arrayContaining(ids(3, 1)))
  })

  it('refuses what cannot be handed to it with an error of the history', async () => {
    const odd = eventEntry(anEvent(noon, { reason: (() => 'why') as never }))
    await expect(open().write([odd])).rejects.toBeInstanceOf(HistoryError)
  })
})

describeFileFaults('with a thread of its own', (at) => new SqliteStore(at, patientMs))
