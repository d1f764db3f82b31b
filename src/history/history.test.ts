import { expect, it } from 'vitest'
import { aService, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeHistoryObserver } from '../../test/support/fakes/fake-history-observer.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import { History } from './history.ts'
import { HistoryError } from './history-error.ts'

const full = new HistoryError('full', 'history.db: no room; make some')
const scaling = { kind: 'scale', from: 4, to: 6, reason: 'alert' } as const

function aHistory() {
  const store = new FakeStore()
  const clock = new FakeClock()
  const observer = new FakeHistoryObserver()
  const history = new History({
    store,
    clock,
    observer,
    version: '1.2.3',
    receiver: '00000001',
    resyncIntervalMs: 15_000,
    retention: { maxAgeMs: 86_400_000, maxRows: 1_000 },
  })
  const loop = new Reporter(history.recorder.subscriber)
  const scale = (atMs = clock.nowMs()) => loop.applied(aService(), scaling, atMs)
  return { store, clock, observer, history, loop, scale }
}

const always = { sinceMs: 0, untilMs: 2 * noon }

it('writes what it is told, and answers it', async () => {
  const { history, scale, store, observer } = aHistory()
  scale()
  await history.settled()
  expect(observer.failures).toEqual([])
  expect(await store.events({ limit: 9 })).toMatchObject([{ kind: 'scaled', from: 4, to: 6 }])
  expect(await history.events({ limit: 9 })).toEqual(await store.events({ limit: 9 }))
  expect(history.status()).toEqual({})
})

it('answers from memory while the store is away, says why, and catches up by itself', async () => {
  const { history, loop, scale, store, clock } = aHistory()
  store.fault = full
  scale()
  loop.read(aService(), noon)
  loop.resynced()
  await settle()
  const events = await history.events({ limit: 9 })
  expect(events).toMatchObject([{ kind: 'scaled' }])
  const [count] = (await history.past(always)).counts
  expect(count).toMatchObject({ service: 'web', desired: 4, running: 4 })
  expect(history.status()).toEqual({
    fault: { message: full.message, sinceMs: noon, waiting: store.writes[0]?.length, lost: 0 },
  })
  store.fault = undefined
  await clock.advance(1_000)
  expect(history.status()).toEqual({})
  expect(await history.events({ limit: 9 })).toEqual(events)
  expect(await store.events({ limit: 9 })).toEqual(events)
})

it('answers the counts of all services, by service and time, what is stored and what waits', async () => {
  const { history, loop, store } = aHistory()
  loop.read(aService({ name: 'web' }), noon)
  loop.read(aService({ name: 'api' }), noon)
  await history.settled()
  store.fault = full
  loop.read(aService({ name: 'web', desiredReplicas: 5 }), noon + 1)
  loop.read(aService({ name: 'db' }), noon + 1)
  await settle()
  store.fault = undefined
  const names = async (query = {}) =>
    (await history.past({ ...always, ...query })).counts.map(
      ({ service, atMs }) => `${service} ${atMs - noon}`,
    )
  expect(await names()).toEqual(['api 0', 'db 1', 'web 0', 'web 1'])
  expect(await names({ service: 'web' })).toEqual(['web 0', 'web 1'])
})

it('shows an event that is written while the store is read', async () => {
  const { history, scale, store } = aHistory()
  const { release } = store.hold()
  scale()
  await settle()
  // The store has looked for its answer, and not given it yet.
  const read = Promise.withResolvers<void>()
  const { events } = store
  Object.assign(store, { events: () => read.promise.then(() => []) })
  const answer = history.events({ limit: 9 })
  release()
  await history.settled()
  read.resolve()
  expect(await answer).toMatchObject([{ kind: 'scaled' }])
  expect(await events({ limit: 9 })).toHaveLength(1)
})

it('keeps nobody waiting for longer than a second', async () => {
  const { history, scale, store, clock } = aHistory()
  store.hold()
  scale()
  let isSettled = false
  const settled = history.settled().then(() => {
    isSettled = true
  })
  await clock.advance(999)
  expect(isSettled).toBe(false)
  await clock.advance(1)
  await settled
  expect(clock.pending).toBe(0)
})

it('keeps nobody waiting while the store fails', async () => {
  const { history, scale, store } = aHistory()
  store.fault = full
  scale()
  await history.settled()
  expect(history.status().fault?.message).toBe(full.message)
})

it('removes what is too old once it is started', async () => {
  const { history, scale, store, clock, observer } = aHistory()
  scale(noon)
  await history.settled()
  history.start()
  await clock.advance(86_400_000 - 600_000)
  expect(await store.events({ limit: 9 })).toHaveLength(1)
  await clock.advance(1_200_000)
  expect(await store.events({ limit: 9 })).toEqual([])
  expect(observer.pruned).toBe(1)
  await history.stop()
  expect(clock.pending).toBe(0)
})

it('writes what waits when it is stopped, and closes the store', async () => {
  const { history, scale, store } = aHistory()
  scale()
  await history.stop()
  expect(store.isClosed).toBe(true)
  expect(store.writes).toHaveLength(1)
})

it('stops also where the store neither takes anything nor can be closed', async () => {
  const { history, scale, store, observer, clock } = aHistory()
  store.fault = full
  Object.assign(store, { close: () => Promise.reject(new Error('stuck')) })
  scale()
  await history.stop()
  expect(observer.failures.map(({ code }) => code)).toEqual(['full', 'store'])
  expect(clock.pending).toBe(0)
})
