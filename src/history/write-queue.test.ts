import { expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeHistoryObserver } from '../../test/support/fakes/fake-history-observer.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import {
  aCount,
  anEvent,
  aWatch,
  countEntry,
  eventEntry,
  idAt,
  watchEntry,
} from '../../test/support/history/entries.ts'
import { HistoryError } from './history-error.ts'
import type { Entry } from './store.ts'
import { WriteQueue } from './write-queue.ts'

const full = new HistoryError('full', 'no room')
const refusal = new HistoryError('store', 'no such column')
const entries = (count: number, from = 0): readonly Entry[] =>
  Array.from({ length: count }, (_, index) => eventEntry(anEvent(noon + from + index)))

function aQueue({ mostWaiting = 10_000 } = {}) {
  const store = new FakeStore()
  const clock = new FakeClock()
  const observer = new FakeHistoryObserver()
  const queue = new WriteQueue({ store, clock, observer, mostWaiting })
  const add = (all: readonly Entry[]) => {
    for (const entry of all) queue.add(entry)
  }
  return { store, clock, observer, queue, add }
}

/** How many entries each try to write had. */
const sizes = (store: FakeStore) => store.writes.map((entries) => entries.length)

it('writes what is told in the same breath in one go, in order', async () => {
  const { store, queue, observer, add } = aQueue()
  const told = [...entries(3), countEntry(aCount()), watchEntry(aWatch())]
  add(told)
  expect(queue.waiting).toEqual(told)
  await queue.idle()
  expect(store.writes).toEqual([told])
  expect(queue.waiting).toEqual([])
  expect(observer.written).toEqual([5])
  expect(observer.waiting.at(-1)).toBe(0)
})

it('writes what is told during a write in the next one', async () => {
  const { store, queue, add } = aQueue()
  const { release } = store.hold()
  add(entries(2))
  await settle()
  add(entries(3, 2))
  await settle()
  expect(sizes(store)).toEqual([2])
  release()
  await queue.idle()
  expect(sizes(store)).toEqual([2, 3])
})

it('writes no more than 500 at a time', async () => {
  const { store, queue, add } = aQueue()
  add(entries(1_200))
  await queue.idle()
  expect(sizes(store)).toEqual([500, 500, 200])
})

it('tries again after 1, 2, 4 … and at last every 30 seconds, and keeps all of it', async () => {
  const { store, clock, queue, add, observer } = aQueue()
  store.fault = full
  add(entries(2))
  await settle()
  expect(queue.fault).toEqual({ error: full, sinceMs: noon, lost: 0 })
  const triedAfterMs: number[] = []
  for (let tries = store.writes.length, sinceMs = 0; triedAfterMs.length < 7; sinceMs += 500) {
    if (store.writes.length > tries) {
      triedAfterMs.push(sinceMs)
      sinceMs = 0
      tries = store.writes.length
    }
    await clock.advance(500)
  }
  expect(triedAfterMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(observer.failures.at(-1)).toEqual({ code: 'full', waiting: 2 })
  store.fault = undefined
  await clock.advance(30_000)
  expect(queue.fault).toBeUndefined()
  expect(queue.waiting).toEqual([])
  expect(await store.events({ limit: 9 })).toHaveLength(2)
  expect(clock.pending).toBe(0)
})

it('does not try for each new entry while the store fails, and begins with short pauses again next time', async () => {
  const { store, clock, queue, add } = aQueue()
  store.fault = full
  add(entries(1))
  await settle()
  await clock.advance(3_000)
  expect(store.writes).toHaveLength(3)
  add(entries(50, 1))
  await settle()
  expect(store.writes).toHaveLength(3)
  store.fault = undefined
  await clock.advance(4_000)
  expect(queue.waiting).toEqual([])
  store.fault = full
  add(entries(1, 60))
  await settle()
  const before = store.writes.length
  await clock.advance(1_000)
  expect(store.writes).toHaveLength(before + 1)
})

it('wraps whatever the store throws', async () => {
  const { store, queue, add } = aQueue()
  store.fault = new TypeError('odd')
  add(entries(1))
  await settle()
  expect(queue.fault?.error).toMatchObject({ name: 'HistoryError', code: 'store', message: 'odd' })
})

it('gives up the oldest when too many wait, and counts them', async () => {
  const { store, clock, queue, add, observer } = aQueue({ mostWaiting: 600 })
  store.fault = full
  add(entries(600))
  await settle()
  expect(observer.lost).toBe(0)
  add(entries(7, 600))
  expect(observer.lost).toBe(7)
  expect(queue.fault?.lost).toBe(7)
  expect(queue.waiting).toEqual(entries(600, 7))
  store.fault = undefined
  await clock.advance(1_000)
  await queue.idle()
  expect(await store.events({ limit: 1_000 })).toHaveLength(600)
})

it('gives up none that the store is about to take', async () => {
  const { store, queue, add, observer } = aQueue({ mostWaiting: 600 })
  const { release } = store.hold()
  add(entries(600))
  await settle()
  add(entries(10, 600))
  release()
  await queue.idle()
  expect(observer.lost).toBe(10)
  const stored = new Set((await store.events({ limit: 1_000 })).map(({ id }) => id))
  expect(stored.size).toBe(600)
  expect([499, 500, 509, 510].map((index) => stored.has(idAt(noon + index)))).toEqual([
    true,
    false,
    false,
    true,
  ])
})

/** The store refuses what has one of these ids. */
function refusing(store: FakeStore, ...indexes: number[]): void {
  const bad = new Set(indexes.map((index) => idAt(noon + index)))
  store.faultOf = (batch) =>
    batch.some((entry) => entry.kind === 'event' && bad.has(entry.event.id)) ? refusal : undefined
}

it('gives up an entry that the store refuses alone five times, and writes all the others', async () => {
  const { store, clock, queue, add, observer } = aQueue()
  refusing(store, 3, 7)
  add(entries(10))
  await settle()
  await clock.advance(120_000)
  expect(observer.lost).toBe(2)
  expect(queue.waiting).toEqual([])
  const stored = (await store.events({ limit: 99 })).map(({ id }) => id)
  expect(stored).toEqual([9, 8, 6, 5, 4, 2, 1, 0].map((index) => idAt(noon + index)))
  // All ten, three alone, five times the bad one alone, and so on: no good one waits for a bad one that comes after it.
  expect(sizes(store).filter((size) => size > 1)).toEqual([10])
})

it('gives an entry up at the fifth time that it is refused alone, not before, and goes on a second later', async () => {
  const { store, clock, add, observer, queue } = aQueue()
  refusing(store, 0)
  add(entries(3))
  await settle()
  // Together at once, and alone after 1, 3, 7, 15 and 31 s.
  await clock.advance(30_999)
  expect(observer.lost).toBe(0)
  await clock.advance(1)
  expect(observer.lost).toBe(1)
  await clock.advance(1_000)
  expect(queue.waiting).toEqual([])
  expect(sizes(store)).toEqual([3, 1, 1, 1, 1, 1, 1, 1])
  add(entries(3, 3))
  await queue.idle()
  expect(sizes(store).at(-1)).toBe(3)
})

it('counts the refusals of each entry by itself', async () => {
  const { store, clock, add, observer } = aQueue()
  refusing(store, 0)
  add(entries(2))
  await settle()
  await clock.advance(15_000)
  // Refused alone four times. It is taken now, and the next one is refused as often.
  refusing(store, 1)
  await clock.advance(16_000)
  expect(await store.events({ limit: 9 })).toHaveLength(1)
  await clock.advance(7_000)
  expect(observer.lost).toBe(0)
})

it('is idle but while it writes', async () => {
  const { store, queue, add } = aQueue()
  expect(queue.isIdle).toBe(true)
  const { release } = store.hold()
  add(entries(1))
  await settle()
  expect(queue.isIdle).toBe(false)
  release()
  await queue.idle()
  expect(queue.isIdle).toBe(true)
})

it('tells how long a write took', async () => {
  const startedMs = performance.now()
  const { queue, observer, add } = aQueue()
  add(entries(1))
  await queue.idle()
  const [durationMs = -1] = observer.durationsMs
  expect(durationMs).toBeGreaterThanOrEqual(0)
  expect(durationMs).toBeLessThanOrEqual(performance.now() - startedMs)
})

it('is as good as new when all that was refused is given up', async () => {
  const { store, clock, queue, add, observer } = aQueue()
  refusing(store, 0)
  add(entries(1))
  await settle()
  await clock.advance(60_000)
  expect(observer.lost).toBe(1)
  expect(queue.fault).toBeUndefined()
  expect(clock.pending).toBe(0)
  add(entries(1, 1))
  await queue.idle()
  expect(queue.waiting).toEqual([])
})

it('blames no entry for what went wrong before it was refused', async () => {
  const { store, clock, add, observer } = aQueue()
  store.fault = full
  add(entries(1))
  await settle()
  await clock.advance(200_000)
  store.fault = refusal
  await clock.advance(30_000)
  expect(observer.lost).toBe(0)
  store.fault = undefined
  await clock.advance(30_000)
  expect(await store.events({ limit: 9 })).toHaveLength(1)
})

it('never gives up an entry for a store that is away', async () => {
  const { store, clock, queue, add, observer } = aQueue()
  store.fault = new HistoryError('unreachable', 'gone')
  add(entries(1))
  await settle()
  await clock.advance(3_600_000)
  expect(observer.lost).toBe(0)
  expect(queue.waiting).toHaveLength(1)
})

it('keeps of what is told again and again the last only', async () => {
  const { store, clock, queue, add } = aQueue()
  store.fault = full
  const { id } = anEvent()
  const again = (times: number, of = id): Entry => ({
    kind: 'repeated',
    id: of,
    times,
    lastAtMs: noon + times,
  })
  const later = watchEntry(aWatch(noon, noon + 30))
  add([eventEntry(anEvent()), watchEntry(aWatch()), again(2), ...entries(1, 1), later, again(3)])
  add([again(2, idAt(noon + 1)), watchEntry(aWatch(noon + 1, noon + 2))])
  expect(queue.waiting).toEqual([
    eventEntry(anEvent()),
    later,
    again(3),
    ...entries(1, 1),
    again(2, idAt(noon + 1)),
    watchEntry(aWatch(noon + 1, noon + 2)),
  ])
  await settle()
  store.fault = undefined
  await clock.advance(1_000)
  expect(await store.events({ limit: 1, beforeId: idAt(noon + 1) })).toMatchObject([{ times: 3 }])
})

it('does not touch what is being written: what is told again is written after it', async () => {
  const { store, queue } = aQueue()
  const { release } = store.hold()
  queue.add(watchEntry(aWatch(noon, noon + 15)))
  await settle()
  queue.add(watchEntry(aWatch(noon, noon + 30)))
  queue.add(watchEntry(aWatch(noon, noon + 45)))
  release()
  await queue.idle()
  expect(sizes(store)).toEqual([1, 1])
  expect(await store.watches({ sinceMs: 0, untilMs: noon * 2 })).toEqual([aWatch(noon, noon + 45)])
})

it('is idle as soon as nothing can be written for now', async () => {
  const { store, queue, add } = aQueue()
  store.fault = full
  add(entries(1))
  await queue.idle()
  expect(queue.waiting).toHaveLength(1)
})

it('writes what waits when it is stopped, also where the store failed before', async () => {
  const { store, clock, queue, add } = aQueue()
  store.fault = full
  add(entries(700))
  await settle()
  store.fault = undefined
  await queue.stop()
  expect(queue.waiting).toEqual([])
  expect(clock.pending).toBe(0)
})

it('tries once when it is stopped, and never again', async () => {
  const { store, clock, queue, add, observer } = aQueue()
  store.fault = full
  add(entries(1))
  await settle()
  await queue.stop()
  expect(store.writes).toHaveLength(2)
  expect(observer.failures).toHaveLength(2)
  expect(clock.pending).toBe(0)
  queue.add(eventEntry(anEvent(noon + 1)))
  await clock.advance(60_000)
  expect(store.writes).toHaveLength(2)
})

it('waits for a write under way when it is stopped, and does not try that one again', async () => {
  const { store, clock, queue, add } = aQueue()
  const { release } = store.hold()
  add(entries(1))
  await settle()
  let isStopped = false
  const stopped = queue.stop().then(() => {
    isStopped = true
  })
  await settle()
  expect(isStopped).toBe(false)
  store.fault = full
  release()
  await stopped
  expect(store.writes).toHaveLength(1)
  expect(clock.pending).toBe(0)
})
