import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import { FakeStore } from '../../test/support/fakes/fake-store.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { aRecordedLoop, resolved } from '../../test/support/fakes/recorded-loop.ts'
import type { HistoryEvent, RefusedAlert } from '../domain/event.ts'
import type { Service } from '../domain/service.ts'
import { mostHeldInHour } from './recorder.ts'

const kindsOf = (events: readonly HistoryEvent[]) =>
  events.map(({ kind, reason, atMs }) => `${(atMs - noon) / 1_000} ${kind} ${reason}`)
const down = anActiveAlert('down', 2, { startsAtMs: noon - 100_000 })
const step = anActiveAlert('up', aStep(1), { startsAtMs: noon })
const fault = { key: 'autoscaler.max', value: 'many', message: 'is no number' }
const invalid: Service = {
  ...aService(),
  policy: { kind: 'invalid', faults: [fault, { ...fault, key: 'autoscaler.min' }] },
}

describe('a hold', () => {
  it('is told with what was asked for, by whom, and until when', async () => {
    const { receive, events } = await aRecordedLoop()
    await receive(down)
    expect(await events()).toEqual([
      {
        id: expect.any(String),
        atMs: noon,
        service: 'web',
        kind: 'held',
        reason: 'stabilizing',
        from: 4,
        to: 4,
        needed: 2,
        untilMs: noon + 50_000,
        actor: 'autoscaler',
        alerts: [expect.objectContaining({ fingerprint: down.fingerprint, value: '2' })],
        serviceVersion: 1,
        autoscalerVersion: '1.2.3',
      },
    ])
  })

  it('is told once for each change of its reason, however often it is checked or posted', async () => {
    const { receive, events, clock, loop } = await aRecordedLoop()
    for (let n = 0; n < 4; n++) {
      await receive(step)
      await clock.advance(5_000)
    }
    await loop.receive('web', [resolved(step, clock.nowMs())])
    await clock.advance(60_000)
    expect(kindsOf(await events())).toEqual(['0 scaled alert', '0 held cooldown', '20 held no_alert'])
  })

  it('is not told again after a change where it is for the same reason as before it', async () => {
    const { receive, events, clock } = await aRecordedLoop()
    await receive(step)
    await clock.advance(60_000)
    expect(kindsOf(await events())).toEqual(['0 scaled alert', '0 held cooldown', '60 scaled alert'])
  })

  it('is told where a pause holds a correction that no alert asks for', async () => {
    const policy = aPolicy({ min: 6, pause: { directions: ['up'], untilMs: noon + 20_000 } })
    const { events, clock } = await aRecordedLoop({ services: [aService({ policy })] })
    await clock.advance(20_000)
    const told = await events()
    expect(kindsOf(told)).toEqual(['0 held paused', '20 scaled below_min', '20 held no_alert'])
    expect(told[0]).toMatchObject({ from: 4, to: 4, untilMs: noon + 20_000, alerts: [] })
  })
})

describe('a start', () => {
  it('is nothing new if nothing is asked for', async () => {
    const { events, clock } = await aRecordedLoop({
      services: [aService(), aService({ name: 'api', id: 'id-of-api', policy: aPolicy({ min: 0 }) })],
    })
    await clock.advance(60_000)
    expect(await events()).toEqual([])
  })

  it('again is nothing new if what was asked for is there', async () => {
    const [swarm, clock, store] = [new FakeSwarm(aService()), new FakeClock(), new FakeStore()]
    const first = await aRecordedLoop({ swarm, clock, store })
    await first.receive(anActiveAlert('up', 7))
    const before = (await first.events()).length
    await first.loop.stop()
    const { receive, events } = await aRecordedLoop({ swarm, clock, store, receiver: '00000002' })
    await receive(anActiveAlert('up', 7))
    expect(await events()).toHaveLength(before)
  })

  it('is new if a change is held', async () => {
    const policy = aPolicy({ min: 6, pause: { directions: ['up'] } })
    const { events } = await aRecordedLoop({ services: [aService({ policy })] })
    expect(kindsOf(await events())).toEqual(['0 held paused'])
  })
})

describe('a dry run', () => {
  it.each([
    ['of the whole autoscaler', {}, true],
    ['of the policy', { isDryRun: true }, false],
  ])('%s is marked, and tells what would have been done', async (_, over, isDryRun) => {
    const service = aService({ policy: aPolicy(over) })
    const { receive, events, swarm } = await aRecordedLoop({ services: [service], isDryRun })
    await receive(anActiveAlert('up', 7))
    expect(await events()).toMatchObject([
      { kind: 'dry_run', reason: 'dry_run', from: 4, to: 7, needed: 7, alerts: [{ value: '7' }] },
    ])
    expect(swarm.updates).toEqual([])
  })

  it('is told once for each target', async () => {
    const { receive, events, clock } = await aRecordedLoop({ isDryRun: true })
    for (const replicas of [7, 7, 9, 9]) {
      await receive(anActiveAlert('up', replicas, { fingerprint: 'need' }))
      await clock.advance(15_000)
    }
    expect((await events()).map(({ kind, to }) => [kind, to])).toEqual([
      ['dry_run', 7],
      ['dry_run', 9],
    ])
  })

  it('is told so often in an hour, for each service, however many numbers somebody makes up', async () => {
    const services = [aService(), aService({ id: 'id-of-api', name: 'api' })]
    const { loop, events, clock } = await aRecordedLoop({ services, isDryRun: true })
    const receive = async (name: string, times: number) => {
      for (let n = 0; n < times; n++) {
        const alert = anActiveAlert('up', 6 + (n % 2), { fingerprint: 'need' })
        await loop.receive(name, [{ kind: 'firing', alert }])
      }
    }
    await receive('web', mostHeldInHour + 10)
    await receive('api', 1)
    expect(await events()).toHaveLength(mostHeldInHour + 1)
    await clock.advance(3_600_000)
    await receive('web', 1)
    expect((await events()).at(-1)).toMatchObject({ service: 'web', kind: 'dry_run', atMs: noon + 3_600_000 })
  })

  it('tells of corrections as well, without an alert', async () => {
    const service = aService({ desiredReplicas: 12 })
    const { events, clock } = await aRecordedLoop({ services: [service], isDryRun: true })
    await clock.advance(60_000)
    expect(await events()).toMatchObject([{ kind: 'dry_run', from: 12, to: 10, alerts: [] }])
  })
})

describe('a service that is refused', () => {
  it('is told once, with every fault of its labels', async () => {
    const { events, clock } = await aRecordedLoop({ services: [invalid] })
    await clock.advance(60_000)
    const message = 'autoscaler.max="many" is no number; autoscaler.min="many" is no number'
    expect(await events()).toMatchObject([
      {
        kind: 'rejected',
        service: 'web',
        reason: 'invalid_policy',
        alerts: [],
        serviceVersion: 1,
        error: { code: 'invalid_policy', message },
      },
    ])
  })

  it('is told where its mode has no number of replicas', async () => {
    const { events } = await aRecordedLoop({ services: [aService({ mode: 'global' })] })
    const error = { code: 'not_replicated', message: 'the service is global' }
    expect(await events()).toMatchObject([{ kind: 'rejected', reason: 'not_replicated', error }])
  })

  it('is told when it opts out, and not when it never was in', async () => {
    const out: Service = { ...aService(), policy: { kind: 'not_enabled' } }
    const { events, swarm, clock } = await aRecordedLoop({ services: [aService()] })
    swarm.put(out)
    await clock.advance(60_000)
    expect(kindsOf(await events())).toEqual(['15 rejected not_enabled'])
    const other = await aRecordedLoop({ services: [out] })
    await other.clock.advance(60_000)
    expect(await other.events()).toEqual([])
  })

  it('is told again when its labels are wrong again', async () => {
    const { events, swarm, clock } = await aRecordedLoop({ services: [invalid] })
    swarm.put(aService())
    await clock.advance(15_000)
    swarm.put(invalid)
    await clock.advance(15_000)
    expect(kindsOf(await events())).toEqual([
      '0 rejected invalid_policy',
      '15 held no_alert',
      '30 rejected invalid_policy',
    ])
  })
})

describe('an alert that is refused', () => {
  const alert = { name: 'QueueIsLong', fingerprint: 'f', scale: 'up', startsAtMs: noon } as const
  const rows: [string, RefusedAlert, object][] = [
    ['for a service that is not there', { service: 'nobody', reason: 'unknown_service', alert }, {}],
    ['for a service that has not opted in', { service: 'web', reason: 'not_enabled', alert }, {}],
    ['for a service whose labels are wrong', { service: 'web', reason: 'invalid_policy', alert }, {}],
    [
      'because of what it says',
      { service: 'web', reason: 'invalid_alert', alert, problem: 'replicas "many" is no number' },
      { error: { code: 'invalid_alert', message: 'replicas "many" is no number' } },
    ],
  ]
  it.each(rows)('%s is told once for each firing', async (_, refused, more) => {
    const { history, events, clock } = await aRecordedLoop()
    for (let n = 0; n < 3; n++) {
      history.recorder.refused(refused)
      await clock.advance(5_000)
    }
    history.recorder.refused({ ...refused, alert: { ...alert, startsAtMs: noon + 1 } })
    const [first, second, ...others] = await events()
    expect(first).toEqual({
      id: expect.any(String),
      atMs: noon,
      service: refused.service,
      kind: 'rejected',
      reason: refused.reason,
      actor: 'autoscaler',
      alerts: [alert],
      autoscalerVersion: '1.2.3',
      ...more,
    })
    expect(second).toMatchObject({ atMs: noon + 15_000, alerts: [{ startsAtMs: noon + 1 }] })
    expect(others).toEqual([])
  })
})

describe('what is kept of a service', () => {
  it('ends with it: its counts, and what was told of it', async () => {
    const { receive, events, counts, swarm, clock } = await aRecordedLoop()
    await receive(down)
    swarm.remove('web')
    await clock.advance(15_000)
    swarm.put(aService())
    await clock.advance(15_000)
    await receive({ ...down, startsAtMs: clock.nowMs() })
    expect(kindsOf(await events())).toEqual(['0 held stabilizing', '30 held stabilizing'])
    expect((await counts()).map(({ atMs, desired, isGone }) => [atMs - noon, isGone ?? desired])).toEqual([
      [0, 4],
      [15_000, true],
      [30_000, 4],
    ])
  })

  it.each([
    ['opts out', (): Service => ({ ...aService(), policy: { kind: 'not_enabled' } })],
    ['is made anew in a mode without a number', () => aService({ mode: 'global' })],
  ])('counts for nothing from when it %s', async (_, change) => {
    const { counts, swarm, clock } = await aRecordedLoop()
    swarm.put(change())
    await clock.advance(30_000)
    expect(await counts()).toMatchObject([
      { atMs: noon, desired: 4 },
      { atMs: noon + 15_000, isGone: true },
    ])
  })

  it('is nothing where its loop has only stopped: it is there still', async () => {
    const { counts, loop } = await aRecordedLoop()
    await loop.stop()
    expect(await counts()).toHaveLength(1)
  })
})

describe('watches', () => {
  it('are told with each look at all services, and end where Docker is away', async () => {
    const { watches, clock, history } = await aRecordedLoop()
    await clock.advance(30_000)
    const receiver = '00000001'
    expect(await watches()).toEqual([{ receiver, fromMs: noon, untilMs: noon + 30_000 }])
    expect(history.status()).toEqual({})
  })
})
