import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventQuery } from '../../../src/domain/event.ts'
import type { CountQuery, HistoryStore } from '../../../src/history/store.ts'
import { FakeStore } from '../../support/fakes/fake-store.ts'
import { anEntry, anEventQuery, aSpan } from '../../support/history/random-entries.ts'

export interface StoreUnderTest {
  readonly store: HistoryStore
  /** Lets go of the store and of what it is kept in. */
  readonly dispose: () => Promise<void>
}

const history = fc.array(fc.array(anEntry, { maxLength: 12 }), { maxLength: 5 })
const retention = fc.record({
  beforeMs: fc.integer({ min: -1, max: 40 }),
  mostRows: fc.integer({ min: 1, max: 20 }),
})
const questions = fc.record({
  events: fc.array(anEventQuery, { minLength: 5, maxLength: 5 }),
  spans: fc.array(aSpan, { minLength: 5, maxLength: 5 }),
})

interface Questions {
  readonly events: readonly EventQuery[]
  readonly spans: readonly CountQuery[]
}

/** That a store answers as the one in memory does. `histories`: how many are tried. */
export function describeProperties(open: () => Promise<StoreUnderTest>, histories: number): void {
  it('answers as the one in memory does, whatever was written and pruned', async () => {
    const property = fc.asyncProperty(history, retention, questions, async (writes, keep, asked) => {
      const { store, dispose } = await open()
      const fake = new FakeStore()
      try {
        for (const entries of writes) await Promise.all([store.write(entries), fake.write(entries)])
        await expectSame(store, fake, asked)
        for (const each of [store, fake]) while ((await each.prune(keep)) > 0);
        await expectSame(store, fake, asked)
      } finally {
        await dispose()
      }
    })
    await fc.assert(property, { numRuns: histories })
  })
}

async function expectSame(store: HistoryStore, fake: FakeStore, { events, spans }: Questions): Promise<void> {
  for (const query of events) expect(await store.events(query)).toEqual(await fake.events(query))
  for (const query of spans) {
    expect(await store.counts(query)).toEqual(await fake.counts(query))
    expect(await store.services(query)).toEqual(await fake.services(query))
    expect(await store.watches(query)).toEqual(await fake.watches(query))
    for (const mostCounts of [1, 3, 100])
      expect(await store.past({ ...query, mostCounts })).toEqual(await fake.past({ ...query, mostCounts }))
  }
}
