import { DatabaseSync } from 'node:sqlite'
import type { Entry, HistoryStore } from '../src/history/store.ts'
import { questions } from './history-questions.ts'
import { beginMs, madeUpHistory, spanMs } from './made-up-history.ts'

/** Events of one write where many wait, as after a time without a store. */
const eventsAtOnce = 150
/** Events that are written one by one, each acknowledged before the next. */
const oneByOne = 3_000
const prunes = 20

/** In ms: the median, and what one in twenty is slower than. */
export interface Times {
  readonly p50: number
  readonly p95: number
}

interface Answered extends Times {
  readonly what: string
  readonly rows: number
}

export interface MeasuredHistory {
  readonly events: number
  /** Events, each with its count, in a second. */
  readonly perSecond: number
  readonly write: Times
  readonly answered: readonly Answered[]
  /** A portion of 2,000 rows. */
  readonly prune: Times
}

async function timed(times: number, action: () => unknown): Promise<Times> {
  const measured: number[] = []
  for (let index = 0; index < times; index++) {
    const startedMs = performance.now()
    await action()
    measured.push(performance.now() - startedMs)
  }
  const sorted = measured.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95) }
}

/** Writes a history of this many events to the empty store, runs the queries of the API, and prunes a little. */
export async function measureHistory(
  store: HistoryStore,
  events: number,
  filled: () => Promise<void>,
): Promise<MeasuredHistory> {
  const history = madeUpHistory(events)
  const perSecond = await fill(store, history, events - oneByOne)
  const write = await timed(oneByOne, () => store.write(history.next().value ?? []))
  await filled()
  const answered: Answered[] = []
  for (const { what, ask, times } of questions) {
    // Once before: what is asked all the time does not come from the disk.
    const rows = (await ask(store)).length
    answered.push({ what, rows, ...(await timed(times, () => ask(store))) })
  }
  const retention = { beforeMs: beginMs + spanMs / 2, mostRows: 2 * events }
  return { events, perSecond, write, answered, prune: await timed(prunes, () => store.prune(retention)) }
}

/** Resolves with events in a second; the time to make them up does not count. */
async function fill(
  store: HistoryStore,
  history: Generator<readonly Entry[]>,
  events: number,
): Promise<number> {
  let spentMs = 0
  for (let written = 0; written < events; ) {
    const some = Array.from(
      { length: Math.min(eventsAtOnce, events - written) },
      () => history.next().value ?? [],
    )
    const startedMs = performance.now()
    await store.write(some.flat())
    spentMs += performance.now() - startedMs
    written += some.length
  }
  return events / (spentMs / 1_000)
}

/** What SQLite itself takes for a row of half a kilobyte: one statement, no index, no thread. */
export async function measureBareInserts(path: string): Promise<Times> {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE bare (id INTEGER, text TEXT)')
  const insert = db.prepare('INSERT INTO bare VALUES (?, ?)')
  const text = 'x'.repeat(450)
  let id = 0
  const times = await timed(oneByOne, () => insert.run(id++, text))
  db.close()
  return times
}
