import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { aRecordedLoop } from '../../test/support/fakes/recorded-loop.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { HistoryError } from './history-error.ts'

const minute = 60_000
const priced = aService({ policy: aPolicy({ costPerHour: 6 }) })
const unreachable = new SwarmError('unreachable', 'nobody there')
const aMinute = { sinceMs: noon, untilMs: noon + minute }

describe('the cost of a service that the loop looks after', () => {
  it('follows its replicas from look to look', async () => {
    const { clock, swarm, history, receive } = await aRecordedLoop({ services: [priced] })
    await clock.advance(30_000)
    await receive(anActiveAlert('up', 8))
    swarm.update('web', { runningReplicas: 8 })
    await clock.advance(30_000)
    const [web] = await history.cost({ ...aMinute, fixed: 10 })
    // The 4 new ones were seen running with the look after 250 ms.
    const replicaSeconds = 4 * 30.25 + 8 * 29.75
    expect(web).toMatchObject({ service: 'web', gaps: [], knownSeconds: 60, replicaSeconds, peak: 8 })
    expect(web?.cost).toBeCloseTo((replicaSeconds / 3_600) * 6)
    expect(web?.savedAgainstFixed?.replicaSeconds).toBe(600 - replicaSeconds)
  })

  it('counts what only waits in memory, be it all of it', async () => {
    const store = new FakeStore()
    store.fault = new HistoryError('full', 'no room')
    const { clock, history } = await aRecordedLoop({ services: [priced], store })
    await clock.advance(minute)
    const [web] = await history.cost(aMinute)
    expect(web).toMatchObject({ gaps: [], knownSeconds: 60, replicaSeconds: 240, cost: 0.4 })
  })

  it('counts what waits in memory together with what is written', async () => {
    const { clock, swarm, store, history } = await aRecordedLoop({ services: [priced] })
    await clock.advance(30_000)
    store.fault = new HistoryError('full', 'no room')
    swarm.update('web', { desiredReplicas: 2, runningReplicas: 2, updatedAtMs: noon + 40_000 })
    await clock.advance(30_000)
    // It can be read, but has none of the last 30 s.
    store.fault = undefined
    expect(await store.counts(aMinute)).toHaveLength(1)
    const [web] = await history.cost(aMinute)
    // Two were asked for after 40 s; that they run no more was seen after 45 s.
    expect(web).toMatchObject({ gaps: [], replicaSeconds: 4 * 45 + 2 * 15 })
  })

  it('is not told of what comes after the last look, until the next one', async () => {
    const { clock, history } = await aRecordedLoop({ services: [priced] })
    await clock.advance(50_000)
    const [before] = await history.cost(aMinute)
    expect(before).toMatchObject({
      knownSeconds: 45,
      gaps: [{ fromMs: noon + 45_000, untilMs: noon + minute, reason: 'not_yet' }],
    })
    await clock.advance(10_000)
    expect(await history.cost(aMinute)).toMatchObject([{ knownSeconds: 60, gaps: [] }])
  })

  it('has a gap while Docker cannot be read, from the last look on', async () => {
    const { clock, swarm, history } = await aRecordedLoop({ services: [priced] })
    await clock.advance(20_000)
    swarm.unreadable = unreachable
    await clock.advance(20_500)
    swarm.unreadable = undefined
    await clock.advance(59_500)
    const [web] = await history.cost({ sinceMs: noon, untilMs: noon + 86_000 })
    expect(web?.gaps).toEqual([{ fromMs: noon + 15_000, untilMs: noon + 41_000, reason: 'not_watched' }])
    expect(web).toMatchObject({ knownSeconds: 60, replicaSeconds: 4 * 60 })
  })

  it.each([
    ['no gap where the process stood still for three intervals', 45_000, []],
    [
      'a gap where it stood still for longer',
      45_001,
      [{ fromMs: noon, untilMs: noon + 45_001, reason: 'not_watched' }],
    ],
  ])('has %s', async (_, pauseMs, gaps) => {
    const { clock, swarm, history, loop } = await aRecordedLoop({ services: [priced] })
    await loop.stop()
    await clock.advance(pauseMs)
    const reporter = new Reporter(history.recorder.subscriber)
    reporter.resynced(undefined, clock.nowMs())
    reporter.read(swarm.get('web'), clock.nowMs())
    const [web] = await history.cost({ sinceMs: noon, untilMs: noon + pauseMs })
    expect(web?.gaps).toEqual(gaps)
  })

  it('ends with the service, and goes on when it comes back', async () => {
    const { clock, swarm, history } = await aRecordedLoop({ services: [priced] })
    await clock.advance(20_000)
    swarm.remove('web')
    await clock.advance(20_000)
    swarm.put(priced)
    await clock.advance(50_000)
    const [web] = await history.cost({ sinceMs: noon, untilMs: noon + 90_000 })
    expect(web?.gaps).toEqual([{ fromMs: noon + 30_000, untilMs: noon + 45_000, reason: 'gone' }])
  })
})

describe('the cost of a service that two receivers look after', () => {
  it('is counted once, and has no gap while one of them is away', async () => {
    const one = await aRecordedLoop({ services: [priced] })
    const { swarm, clock, store, history } = one
    const two = await aRecordedLoop({ swarm, clock, store, receiver: '00000002' })
    await clock.advance(30_000)
    await one.loop.stop()
    await clock.advance(30_000)
    const [web] = await history.cost(aMinute)
    expect(web).toMatchObject({ gaps: [], knownSeconds: 60, replicaSeconds: 240 })
    await two.loop.stop()
  })

  it('does not go by what one of them saw last, when that one has left and the other one begins again', async () => {
    const { swarm, clock, store, history } = await aRecordedLoop({ services: [priced] })
    await clock.advance(15_000)
    // This one goes blind, and the other one sees eight replicas before it leaves.
    swarm.unreadable = unreachable
    await clock.advance(15_000)
    swarm.unreadable = undefined
    swarm.update('web', { desiredReplicas: 8, runningReplicas: 8 })
    const other = await aRecordedLoop({ swarm, clock, store, receiver: '00000002' })
    await other.loop.stop()
    swarm.update('web', { desiredReplicas: 4, runningReplicas: 4 })
    await clock.advance(60_000)
    const [web] = await history.cost({ sinceMs: noon + 45_000, untilMs: noon + 75_000 })
    expect(web).toMatchObject({ gaps: [], replicaSeconds: 4 * 30 })
  })
})
