import { expect, it } from 'vitest'
import type { Entry, HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import { aWatch, watchEntry } from '../../support/history/entries.ts'

const always = { sinceMs: 0, untilMs: noon + 6_000_000 }

/** What a store answers about watches. `store` answers one that is empty at first. */
export function describeWatches(store: () => HistoryStore): void {
  const write = (...entries: Entry[]) => store().write(entries)

  it('prolongs a watch, and never makes it shorter', async () => {
    await write(watchEntry(aWatch(noon, noon + 15)), watchEntry(aWatch(noon, noon + 30)))
    await write(watchEntry(aWatch(noon, noon + 45)), watchEntry(aWatch(noon, noon + 20)))
    await write(watchEntry(aWatch(noon, noon + 10)))
    expect(await store().watches(always)).toEqual([aWatch(noon, noon + 45)])
  })

  it('distinguishes receivers and starts', async () => {
    const watches = [aWatch(noon - 9, noon), aWatch(noon, noon + 5), aWatch(noon, noon + 9, '00000002')]
    await write(...watches.toReversed().map(watchEntry))
    expect(await store().watches(always)).toEqual(watches)
  })

  it.each<[string, number, number, number]>([
    ['that ends as the time begins', 20, 30, 0],
    ['that reaches into it', 19, 30, 1],
    ['that holds it', 12, 13, 1],
    ['that begins in it', 0, 11, 1],
    ['that begins as it ends', 0, 10, 0],
  ])('a watch %s', async (_, since, until, found) => {
    await write(watchEntry(aWatch(noon + 10, noon + 20)))
    const query = { sinceMs: noon + since, untilMs: noon + until }
    expect(await store().watches(query)).toHaveLength(found)
  })
}
