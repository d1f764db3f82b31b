import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
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
import { anEntry, anEventQuery, aSpan } from '../../test/support/history/random-entries.ts'
import { overlaidCounts, overlaidEvents, overlaidServices, overlaidWatches } from './overlay.ts'
import type { Entry } from './store.ts'

/** An id is given once: of several events that would have it, the first. */
function withUniqueIds(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>()
  return entries.filter((entry) => {
    if (entry.kind !== 'event') return true
    const isNew = !seen.has(entry.event.id)
    seen.add(entry.event.id)
    return isNew
  })
}

async function storeOf(entries: readonly Entry[]): Promise<FakeStore> {
  const store = new FakeStore()
  await store.write(entries)
  return store
}

describe('what waits, laid over what is stored', () => {
  it('answers as if all were stored, wherever the writing stands', async () => {
    const history = fc.array(anEntry, { maxLength: 40 }).map(withUniqueIds)
    const property = fc.asyncProperty(
      history,
      fc.nat(40),
      anEventQuery,
      aSpan,
      async (all, at, query, span) => {
        const whole = await storeOf(all)
        const part = await storeOf(all.slice(0, at))
        const waiting = all.slice(at)
        expect(overlaidEvents(await part.events(query), waiting, query)).toEqual(await whole.events(query))
        expect(overlaidServices(await part.services(span), waiting, span)).toEqual(await whole.services(span))
        expect(overlaidCounts(await part.counts(span), waiting, span)).toEqual(await whole.counts(span))
        expect(overlaidWatches(await part.watches(span), waiting, span)).toEqual(await whole.watches(span))
      },
    )
    await fc.assert(property, { numRuns: 1_000 })
  })

  it('names nothing twice that was written in the meantime', () => {
    const stored = [{ ...anEvent(), convergedMs: 5 }]
    const waiting: Entry[] = [
      eventEntry(anEvent()),
      { kind: 'converged', id: idAt(noon), convergedMs: 5 },
      watchEntry(aWatch(noon, noon + 15)),
      countEntry(aCount()),
    ]
    expect(overlaidEvents(stored, waiting, { limit: 9 })).toEqual(stored)
    const longer = [aWatch(noon, noon + 30)]
    const always = { sinceMs: 0, untilMs: noon * 2 }
    expect(overlaidWatches(longer, waiting, always)).toEqual(longer)
    expect(overlaidCounts([aCount()], waiting, always)).toEqual([aCount()])
  })
})
