import { expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { aCount, aWatch, countEntry, watchEntry } from '../../test/support/history/entries.ts'
import { mostCountsAtOnce, PastReader } from './past-reader.ts'
import type { Entry, StoredPast } from './store.ts'

const day = { sinceMs: noon - 1_000, untilMs: noon + 86_400_000 }
const names = ['api', 'db', 'web']

async function aReader({ countsOfEach = 1, waiting = [] as readonly Entry[] } = {}) {
  const store = new FakeStore()
  const counts = names.flatMap((service) =>
    Array.from({ length: countsOfEach }, (_, index) => countEntry(aCount(noon + index, 1, { service }))),
  )
  await store.write([...counts, watchEntry(aWatch())])
  const reader = new PastReader({ store, waiting: () => waiting })
  const parts = async (query = {}) => {
    const found: StoredPast[] = []
    for await (const part of reader.parts({ ...day, ...query })) found.push(part)
    return found
  }
  return { store, parts }
}

it('asks the store once for all services', async () => {
  const { store, parts } = await aReader({ countsOfEach: 5 })
  const [whole, ...more] = await parts()
  expect(whole?.counts.map(({ service }) => service)).toEqual(names.flatMap((name) => Array(5).fill(name)))
  expect(whole?.watches).toEqual([aWatch()])
  expect(more).toEqual([])
  expect(store.reads).toEqual(['past'])
})

it('asks for each service if there are too many counts for one answer, and for none twice', async () => {
  const { store, parts } = await aReader({ countsOfEach: mostCountsAtOnce / names.length + 1 })
  const found = await parts()
  expect(found.map(({ counts }) => counts[0]?.service)).toEqual(names)
  expect(found.map(({ watches }) => watches)).toEqual(names.map(() => [aWatch()]))
  expect(store.reads).toEqual(['past', 'watches', 'services', 'counts', 'counts', 'counts'])
})

it('asks for one service alone', async () => {
  const { store, parts } = await aReader()
  expect(await parts({ service: 'db' })).toEqual([
    { counts: [aCount(noon, 1, { service: 'db' })], watches: [aWatch()] },
  ])
  expect(store.reads).toEqual(['watches', 'counts'])
})

it('adds what waits to be written, and has that alone if the store cannot be read', async () => {
  const fresh = aCount(noon + 1, 9, { service: 'new' })
  const late = aWatch(noon + 20_000, noon + 30_000)
  const { store, parts } = await aReader({ waiting: [countEntry(fresh), watchEntry(late)] })
  const [both] = await parts()
  expect(both?.counts.map(({ service }) => service)).toEqual(['api', 'db', 'new', 'web'])
  expect(both?.watches).toEqual([aWatch(), late])
  store.fault = new Error('away')
  expect(await parts()).toEqual([{ counts: [fresh], watches: [late] }])
})
