import { expect, it } from 'vitest'
import type { HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import { aCount, countEntry, watchEntry } from '../../support/history/entries.ts'

const minute = 60_000

/** What a store answers about the past of all services at once. `store` answers one that is empty at first. */
export function describePast(store: () => HistoryStore): void {
  const past = (since: number, until: number, mostCounts = 100) =>
    store().past({ sinceMs: noon + since * minute, untilMs: noon + until * minute, mostCounts })
  const web = [0, 1, 2].map((n) => aCount(noon + n * minute, n))
  const api = aCount(noon - minute, 7, { service: 'api', running: 6, costPerHour: 0.5 })
  const watch = { receiver: 'a', fromMs: noon, untilMs: noon + minute }
  const fill = () => store().write([...web.toReversed(), api].map(countEntry).concat(watchEntry(watch)))

  it('answers all services and watches of a time at once', async () => {
    expect(await past(0, 9)).toEqual({ counts: [], watches: [] })
    await fill()
    expect(await past(0, 9)).toEqual({ counts: [api, ...web], watches: [watch] })
    expect(await past(0.5, 2)).toEqual({ counts: [api, ...web.slice(0, 2)], watches: [watch] })
    expect(await past(1, 2)).toEqual({ counts: [api, web[1]], watches: [] })
  })

  it('answers no more counts at once than are asked for, and nothing at all if there is one more', async () => {
    await fill()
    expect((await past(0, 9, 4))?.counts).toHaveLength(4)
    expect(await past(0, 9, 3)).toBeUndefined()
    // Only what lies in the time counts.
    expect((await past(0, 2, 3))?.counts).toHaveLength(3)
  })
}
