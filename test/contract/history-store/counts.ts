import { expect, it } from 'vitest'
import type { Entry, HistoryStore } from '../../../src/history/store.ts'
import { noon } from '../../support/fakes/builders.ts'
import { aCount, countEntry } from '../../support/history/entries.ts'

const minute = 60_000
const always = { sinceMs: 0, untilMs: noon + 6_000_000 }

/** What a store answers about counts. `store` answers one that is empty at first. */
export function describeCounts(store: () => HistoryStore): void {
  const write = (...entries: Entry[]) => store().write(entries)

  it('gives back counts as they were, by service and time', async () => {
    const counts = [
      aCount(noon, 2, { service: 'api', running: 1, costPerHour: 0.1 }),
      aCount(noon + 1, 0, { service: 'api', isGone: true }),
      aCount(noon - 1, 3),
      aCount(noon, 3, { running: 0, costPerHour: 0 }),
    ]
    await write(...counts.toReversed().map(countEntry))
    expect(await store().counts(always)).toEqual(counts)
    expect(await store().counts({ ...always, service: 'api' })).toEqual(counts.slice(0, 2))
    expect(await store().counts({ ...always, service: 'ap' })).toEqual([])
  })

  it('lets a later count take the place of an earlier one of the same service and time', async () => {
    const gone = aCount(noon, 0, { isGone: true })
    await write(countEntry(aCount(noon, 3, { running: 2, costPerHour: 1 })), countEntry(aCount(noon, 5)))
    expect(await store().counts(always)).toEqual([aCount(noon, 5)])
    await write(countEntry(gone))
    expect(await store().counts(always)).toEqual([gone])
    await write(countEntry(aCount(noon, 1)))
    expect(await store().counts(always)).toEqual([aCount(noon, 1)])
  })

  const at = (...minutes: number[]) => minutes.map((n) => aCount(noon + n * minute, n))
  it.each<[string, number, number, number[]]>([
    ['all of them, where it began before', -1, 9, [0, 1, 2, 3]],
    ['the last one before it as well', 1.5, 9, [1, 2, 3]],
    ['none before it where one is at its very start', 2, 9, [2, 3]],
    ['none at its end', 0.5, 2, [0, 1]],
    ['the last one alone where nothing happened', 5, 9, [3]],
    ['the last one alone where no time is asked about', 2, 2, [1]],
    ['nothing before the first', -2, 0, []],
  ])('answers for a time %s', async (_, since, until, expected) => {
    await write(...at(0, 1, 2, 3).map(countEntry))
    await write(countEntry(aCount(noon - 5 * minute, 7, { service: 'idle' })))
    const query = { sinceMs: noon + since * minute, untilMs: noon + until * minute }
    expect(await store().counts({ ...query, service: 'web' })).toEqual(at(...expected))
    const idle = aCount(noon - 5 * minute, 7, { service: 'idle' })
    expect(await store().counts(query)).toEqual([idle, ...at(...expected)])
  })

  it('names the services that have a count before a time', async () => {
    expect(await store().services(always)).toEqual([])
    await write(countEntry(aCount(noon + 1)), countEntry(aCount(noon + 5)))
    await write(
      countEntry(aCount(noon, 0, { service: 'old', isGone: true })),
      countEntry(aCount(noon + 2, 1, { service: 'Api' })),
    )
    expect(await store().services(always)).toEqual(['Api', 'old', 'web'])
    expect(await store().services({ untilMs: noon + 2 })).toEqual(['old', 'web'])
    expect(await store().services({ untilMs: noon })).toEqual([])
  })
}
