import { expect, it } from 'vitest'
import type { EventQuery } from '../../../src/domain/event.ts'
import type { Entry, HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import {
  aCount,
  anEvent,
  aWatch,
  countEntry,
  eventEntry,
  idAt,
  watchEntry,
} from '../../support/history/entries.ts'

const minute = 60_000
const always = { sinceMs: 0, untilMs: noon + 6_000_000 }
const nothingTooOld = { beforeMs: 0, mostRows: 1_000_000 }

/** What a store removes, and what it keeps. `store` answers one that is empty at first. */
export function describePruning(store: () => HistoryStore): void {
  const write = (...entries: Entry[]) => store().write(entries)
  const all = () => store().events({ limit: 1_000 })
  const ids = async (query: Partial<EventQuery> = {}) =>
    (await store().events({ limit: 1_000, ...query })).map(({ id }) => id)

  /** Prunes until nothing more goes. Resolves with how much went in all. */
  async function pruneAll(retention: { beforeMs: number; mostRows: number }): Promise<number> {
    let all = 0
    for (let removed = -1; removed !== 0; all += removed) {
      removed = await store().prune(retention)
      expect(removed).toBeLessThanOrEqual(5_000)
    }
    return all
  }
  const five = [0, 1, 2, 3, 4].map((index) => anEvent(noon + index * minute))

  it('removes nothing that may stay', async () => {
    await write(...five.map(eventEntry), countEntry(aCount()), watchEntry(aWatch()))
    expect(await pruneAll(nothingTooOld)).toBe(0)
    expect(await all()).toHaveLength(5)
  })

  it('removes events that are too old, and none 1 ms too early', async () => {
    await write(...five.map(eventEntry))
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 2 * minute })).toBe(2)
    expect(await ids()).toEqual([4, 3, 2].map((index) => idAt(noon + index * minute)))
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 2 * minute + 1 })).toBe(1)
  })

  it('removes the oldest of too many events, and keeps exactly the limit', async () => {
    await write(...five.map(eventEntry))
    await write(...five.map(eventEntry))
    expect(await pruneAll({ beforeMs: 0, mostRows: 5 })).toBe(0)
    expect(await pruneAll({ beforeMs: 0, mostRows: 2 })).toBe(3)
    expect(await ids()).toEqual([idAt(noon + 4 * minute), idAt(noon + 3 * minute)])
    await write(...five.map(eventEntry))
    expect(await pruneAll({ beforeMs: 0, mostRows: 2 })).toBe(3)
    expect(await pruneAll({ beforeMs: 0, mostRows: 2 })).toBe(0)
  })

  it('removes what is too old in portions, and thousands all the same', async () => {
    for (let start = 0; start < 4_000; start += 1_000) {
      const atMs = (index: number) => noon + start + index
      const some = Array.from({ length: 1_000 }, (_, index) => index)
      await write(...some.map((index) => eventEntry(anEvent(atMs(index)))))
      await write(...some.map((index) => countEntry(aCount(atMs(index), index))))
    }
    expect(await pruneAll({ beforeMs: noon + 3_500, mostRows: 100 })).toBe(2 * 3_900 - 1)
    expect(await all()).toHaveLength(100)
    // Those that are not among the oldest, and the one that is valid before the time.
    expect(await store().counts(always)).toHaveLength(101)
  })

  it('keeps of each service the last count before the time', async () => {
    await write(...[0, 1, 2, 3].map((n) => countEntry(aCount(noon + n, n))))
    await write(countEntry(aCount(noon - 9, 9, { service: 'idle' })))
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 3 })).toBe(2)
    const kept = [aCount(noon - 9, 9, { service: 'idle' }), aCount(noon + 2, 2), aCount(noon + 3, 3)]
    expect(await store().counts(always)).toEqual(kept)
    expect(await store().counts({ ...always, sinceMs: noon + 3 })).toEqual([kept[0], kept[2]])
  })

  it('keeps nothing of a service that was gone all the time', async () => {
    const gone = aCount(noon + 1, 0, { service: 'old', isGone: true })
    await write(countEntry(aCount(noon, 2, { service: 'old' })), countEntry(gone), countEntry(aCount()))
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 1 })).toBe(0)
    expect(await store().counts(always)).toHaveLength(3)
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 2 })).toBe(2)
    expect(await store().counts(always)).toEqual([aCount()])
  })

  it('removes watches that ended too long ago', async () => {
    await write(watchEntry(aWatch(noon, noon + 10)), watchEntry(aWatch(noon, noon + 20, '00000002')))
    expect(await pruneAll({ ...nothingTooOld, beforeMs: noon + 11 })).toBe(1)
    expect(await store().watches(always)).toEqual([aWatch(noon, noon + 20, '00000002')])
  })
}
