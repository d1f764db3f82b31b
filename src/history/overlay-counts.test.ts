import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { overlaidCounts } from './overlay.ts'
import type { CountQuery, Entry } from './store.ts'

const aMoment = fc.nat(20)
const anEntry: fc.Arbitrary<Entry> = fc
  .record({ service: fc.constantFrom('web', 'api', 'web2'), atMs: aMoment, desired: fc.nat(9) })
  .map((count) => ({ kind: 'count', count }))
const aQuery = fc
  .record({ service: fc.constantFrom(undefined, 'web'), sinceMs: aMoment, lastsMs: aMoment })
  .map(
    ({ service, sinceMs, lastsMs }): CountQuery => ({
      ...(service === undefined ? {} : { service }),
      sinceMs,
      untilMs: sinceMs + lastsMs,
    }),
  )

async function aStoreOf(entries: readonly Entry[]): Promise<FakeStore> {
  const store = new FakeStore()
  await store.write(entries)
  return store
}

describe('counts that wait', () => {
  it('are answered as if they were written, and so are those that were written while they waited', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry),
        fc.array(anEntry),
        fc.nat(5),
        aQuery,
        async (old, waiting, begun, query) => {
          const before = await aStoreOf([...old, ...waiting.slice(0, begun)])
          const after = await aStoreOf([...old, ...waiting])
          expect(overlaidCounts(await before.counts(query), waiting, query)).toEqual(
            await after.counts(query),
          )
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('are left alone where none waits: there may be millions', async () => {
    const query = { sinceMs: 0, untilMs: 100 }
    const stored = [{ service: 'web', atMs: 5, desired: 1 }]
    expect(overlaidCounts(stored, [], query)).toBe(stored)
  })
})
