import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, aWindow, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Service } from '../domain/service.ts'
import type { AlertUpdate } from './active-alerts.ts'
import type { Subscriber } from './events.ts'
import { Reconciler } from './reconciler.ts'
import { SwarmError } from './swarm-error.ts'

const firing = (alert: ActiveAlert): AlertUpdate => ({ kind: 'firing', alert })
const resolved = (alert: ActiveAlert, endedAtMs: number): AlertUpdate => ({
  kind: 'resolved',
  fingerprint: alert.fingerprint,
  endedAtMs,
})

const aLoop = (...services: Service[]) => aLoopWith([], ...services)

async function aLoopWith(others: readonly Subscriber[], ...services: Service[]) {
  const swarm = new FakeSwarm(...services)
  const clock = new FakeClock()
  const observer = new RecordingObserver()
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [observer.subscriber, ...others],
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
  })
  await loop.start()
  const replicas = () => swarm.get('web').desiredReplicas
  return { swarm, clock, observer, loop, replicas }
}

const stepUp = anActiveAlert('up', aStep(1), { startsAtMs: noon })

describe('an alert', () => {
  it('scales, and the time of the change is written in the same update', async () => {
    const { loop, swarm } = await aLoop(aService())
    const outcome = await loop.receive('web', [firing(anActiveAlert('up', 7))])
    expect(outcome.decision).toMatchObject({ kind: 'scale', from: 4, to: 7, reason: 'alert' })
    expect(swarm.updates).toEqual([{ name: 'web', replicas: 7, state: { lastUpMs: noon, replicas: 7 } }])
  })

  it('keeps the time of the last change in the other direction', async () => {
    const { loop, swarm } = await aLoop(aService({ state: { lastDownMs: 1 } }))
    await loop.receive('web', [firing(anActiveAlert('up', 7))])
    expect(swarm.updates[0]?.state).toEqual({ lastUpMs: noon, lastDownMs: 1, replicas: 7 })
  })

  it('may name the service by its ID', async () => {
    const { loop, replicas } = await aLoop(aService())
    await loop.receive('id-of-web', [firing(anActiveAlert('up', 7))])
    expect(replicas()).toBe(7)
  })

  it('may name a service that was not there at the last resync', async () => {
    const { loop, swarm, replicas } = await aLoop()
    swarm.put(aService())
    await loop.receive('id-of-web', [firing(anActiveAlert('up', 7))])
    expect(replicas()).toBe(7)
  })

  it('for a service that is not there is refused, and nothing of it is kept', async () => {
    const { loop, swarm, clock, replicas } = await aLoop()
    const outcome = await loop.receive('web', [firing(stepUp)])
    expect(outcome).toEqual({ decision: { kind: 'reject', reason: 'unknown_service' } })
    swarm.put(aService())
    await clock.advance(30_000)
    expect(replicas()).toBe(4)
  })

  it('for a service that has since opted out is refused, and forgotten', async () => {
    const { loop, swarm, clock, replicas } = await aLoop(aService())
    swarm.put({ ...aService(), policy: { kind: 'not_enabled' } })
    const { decision } = await loop.receive('web', [firing(stepUp)])
    expect(decision).toEqual({ kind: 'reject', reason: 'not_enabled' })
    swarm.put(aService())
    await clock.advance(30_000)
    expect(replicas()).toBe(4)
  })
})

describe('one step', () => {
  it('comes of the same delivery five times at once', async () => {
    const { loop, swarm } = await aLoop(aService())
    await Promise.all(Array.from({ length: 5 }, () => loop.receive('web', [firing(stepUp)])))
    expect(swarm.updates).toHaveLength(1)
  })

  it('comes of ten alerts for one service at once', async () => {
    const { loop, swarm } = await aLoop(aService())
    const alerts = Array.from({ length: 10 }, (_, n) => firing({ ...stepUp, fingerprint: `alert ${n}` }))
    await Promise.all(alerts.map((alert) => loop.receive('web', [alert])))
    expect(swarm.updates).toHaveLength(1)
  })

  it('comes of an update whose answer was lost, and it is known to be applied', async () => {
    const { loop, swarm, observer } = await aLoop(aService())
    swarm.afterUpdate = () => {
      swarm.afterUpdate = () => {}
      throw new SwarmError('timeout', 'no answer')
    }
    const outcome = await loop.receive('web', [firing(stepUp)])
    expect(outcome.decision).toMatchObject({ kind: 'scale', from: 4, to: 5 })
    await loop.receive('web', [firing(stepUp)])
    expect(swarm.updates).toHaveLength(1)
    expect(observer.of('applied')).toEqual(['applied web 4 5'])
  })

  it('comes after a failure that kept the update from being applied, and no cooldown starts before', async () => {
    const { loop, swarm, observer } = await aLoop(aService())
    swarm.beforeUpdate = () => {
      swarm.beforeUpdate = () => {}
      throw new SwarmError('timeout', 'no answer')
    }
    await expect(loop.receive('web', [firing(stepUp)])).rejects.toMatchObject({
      code: 'timeout',
    })
    expect(observer.of('failed')).toEqual(['failed web timeout'])
    expect(swarm.get('web').state).toEqual({})
    await loop.receive('web', [firing(stepUp)])
    expect(swarm.updates).toHaveLength(1)
  })
})

describe('an active step', () => {
  it('steps again after each cooldown without a re-post, until it is resolved', async () => {
    const { loop, clock, replicas } = await aLoop(aService())
    await loop.receive('web', [firing(stepUp)])
    await clock.advance(59_999)
    expect(replicas()).toBe(5)
    await clock.advance(1)
    expect(replicas()).toBe(6)
    await loop.receive('web', [resolved(stepUp, clock.nowMs())])
    await clock.advance(600_000)
    expect(replicas()).toBe(6)
  })

  it('is forgotten when it was not received for the TTL', async () => {
    const { loop, clock, replicas } = await aLoop(aService({ state: { lastUpMs: noon + 60_001 } }))
    await loop.receive('web', [firing(stepUp)])
    await clock.advance(119_999)
    expect(replicas()).toBe(4)
    await clock.advance(600_000)
    expect(replicas()).toBe(4)
  })

  it('stays active longer when it is received again', async () => {
    const { loop, clock, replicas } = await aLoop(aService({ state: { lastUpMs: noon + 60_001 } }))
    await loop.receive('web', [firing(stepUp)])
    await clock.advance(100_000)
    await loop.receive('web', [firing(stepUp)])
    await clock.advance(20_001)
    expect(replicas()).toBe(5)
  })

  it('is known to another receiver only by its next post, and that one respects the cooldown', async () => {
    const first = await aLoop(aService())
    await first.loop.receive('web', [firing(stepUp)])
    const second = await aLoop(first.swarm.get('web'))
    const { decision } = await second.loop.receive('web', [firing(stepUp)])
    expect(decision).toMatchObject({ kind: 'hold', reason: 'cooldown', untilMs: noon + 60_000 })
  })
})

describe('a reading that is older than the alert', () => {
  it('takes no alert away', async () => {
    const { loop, swarm, clock, replicas } = await aLoop()
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    await clock.advance(15_000)
    swarm.beforeAnswer = async () => {}
    swarm.put(aService({ state: { lastUpMs: clock.nowMs() } }))
    const { decision } = await loop.receive('web', [firing(stepUp)])
    expect(decision).toMatchObject({ kind: 'hold', reason: 'cooldown' })
    gate.resolve()
    await settle()
    await clock.advance(60_000)
    expect(replicas()).toBe(5)
  })
})

describe('a service that goes away between reading and writing', () => {
  it('is unknown', async () => {
    const { loop, swarm } = await aLoop(aService())
    swarm.beforeUpdate = () => swarm.remove('web')
    const { decision } = await loop.receive('web', [firing(stepUp)])
    expect(decision).toEqual({ kind: 'reject', reason: 'unknown_service' })
  })
})

describe('withdrawing', () => {
  it('never scales by itself', async () => {
    const { loop, swarm } = await aLoop(aService())
    const { decision } = await loop.receive('web', [resolved(stepUp, noon)])
    expect(decision).toMatchObject({ kind: 'hold', reason: 'no_alert' })
    expect(swarm.updates).toEqual([])
  })

  it('does not touch a later firing of the same alert, which was received first', async () => {
    const { loop, clock, replicas } = await aLoop(aService({ state: { lastUpMs: noon - 30_000 } }))
    await loop.receive('web', [firing({ ...stepUp, startsAtMs: noon })])
    await loop.receive('web', [resolved(stepUp, noon - 1)])
    await clock.advance(30_000)
    expect(replicas()).toBe(5)
  })
})

describe('a conflict', () => {
  it('is read and decided anew, for the service as somebody else left it', async () => {
    const { loop, swarm, observer } = await aLoop(aService())
    swarm.beforeUpdate = () => {
      swarm.beforeUpdate = () => {}
      swarm.put(aService({ desiredReplicas: 6 }))
    }
    const { decision } = await loop.receive('web', [firing(anActiveAlert('up', 7))])
    expect(decision).toMatchObject({ kind: 'scale', from: 6, to: 7 })
    expect(swarm.updates).toHaveLength(1)
    expect(observer.of('conflicted')).toHaveLength(1)
  })

  it('that does not end is given up, told, and tried again at the next resync', async () => {
    const { loop, swarm, clock, observer, replicas } = await aLoop(aService())
    swarm.beforeUpdate = () => swarm.put(aService())
    await expect(loop.receive('web', [firing(stepUp)])).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(observer.of('conflicted')).toHaveLength(20)
    swarm.beforeUpdate = () => {}
    await clock.advance(15_000)
    expect(replicas()).toBe(5)
  })
})

describe('the resync timer', () => {
  it('corrects replicas outside the bounds, once, and without any signal', async () => {
    const { clock, swarm, replicas } = await aLoop(aService())
    swarm.put(aService({ desiredReplicas: 30 }))
    await clock.advance(14_999)
    expect(replicas()).toBe(30)
    await clock.advance(1)
    expect(replicas()).toBe(10)
    expect(swarm.updates).toHaveLength(1)
  })

  it('corrects already at the start', async () => {
    const { replicas } = await aLoop(aService({ desiredReplicas: 30 }))
    expect(replicas()).toBe(10)
  })

  it('goes on while Docker is away, asks again every second, and tells both ends of it', async () => {
    const { clock, swarm, observer, replicas } = await aLoop(aService())
    swarm.unreadable = new SwarmError('unreachable', 'away')
    await clock.advance(16_000)
    swarm.unreadable = undefined
    swarm.put(aService({ desiredReplicas: 30 }))
    await clock.advance(1_000)
    expect(observer.of('resynced')).toEqual(
      ['ok', 'unreachable', 'unreachable', 'ok'].map((word) => `resynced ${word}`),
    )
    expect(replicas()).toBe(10)
    await clock.advance(14_999)
    expect(observer.of('resynced')).toHaveLength(4)
  })
})

describe('a correction', () => {
  it('is followed by what the alerts ask for, in the same breath', async () => {
    const { loop, swarm } = await aLoop(aService())
    swarm.put(aService({ desiredReplicas: 1, policy: aPolicy({ min: 3 }) }))
    const { decision } = await loop.receive('web', [firing(anActiveAlert('up', 7))])
    expect(swarm.updates.map(({ replicas }) => replicas)).toEqual([3, 7])
    expect(decision).toMatchObject({ kind: 'scale', to: 7 })
  })

  it('is the answer where the alerts add nothing', async () => {
    const { loop, swarm } = await aLoop(aService())
    swarm.put(aService({ desiredReplicas: 1, policy: aPolicy({ min: 3 }) }))
    const { decision } = await loop.receive('web', [firing(anActiveAlert('up', 2))])
    expect(decision).toMatchObject({ kind: 'scale', from: 1, to: 3, reason: 'below_min' })
  })
})

describe('a window', () => {
  const office = aPolicy({ schedules: [aWindow({ start: '5 12 * * *', min: 6 })] })

  it('acts at its minute without any alert, between two resyncs', async () => {
    const { clock, swarm, replicas } = await aLoop(aService({ policy: office }))
    await clock.advance(5 * 60_000 - 1)
    expect(replicas()).toBe(4)
    await clock.advance(1)
    expect(replicas()).toBe(6)
    expect(swarm.updates).toHaveLength(1)
  })

  it('that closes lets go what it had raised, once the alerts say so', async () => {
    const hurried = { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 0 } as const
    const { clock, loop, replicas } = await aLoop(aService({ policy: { ...office, down: hurried } }))
    await clock.advance(65 * 60_000 - 1)
    await loop.receive('web', [firing(anActiveAlert('down', 2))])
    expect(replicas()).toBe(6)
    await clock.advance(1)
    expect(replicas()).toBe(2)
  })
})

describe('a pause', () => {
  it('ends at its time, without a new post', async () => {
    const policy = aPolicy({ pause: { directions: ['up'], untilMs: noon + 50_000 } })
    const { clock, loop, replicas } = await aLoop(aService({ policy }))
    expect((await loop.receive('web', [firing(stepUp)])).decision).toMatchObject({ reason: 'paused' })
    await clock.advance(49_999)
    expect(replicas()).toBe(4)
    await clock.advance(1)
    expect(replicas()).toBe(5)
  })
})

describe('a dry run of the whole autoscaler', () => {
  it('changes nothing, neither for alerts nor for bounds', async () => {
    const swarm = new FakeSwarm(aService({ desiredReplicas: 30 }))
    const observer = new RecordingObserver()
    const options = { resyncIntervalMs: 15_000, alertTtlMs: 120_000, isDryRun: true }
    const loop = new Reconciler({
      swarm,
      clock: new FakeClock(),
      subscribers: [observer.subscriber],
      ...options,
    })
    await loop.start()
    expect((await loop.receive('web', [firing(stepUp)])).decision).toMatchObject({
      reason: 'dry_run',
      wouldBe: 10,
    })
    expect(swarm.updates).toEqual([])
  })
})

describe('a correction that is held', () => {
  it.each([
    ['by a dry run', { isDryRun: true }, 'dry_run'],
    ['by a pause', { pause: { directions: ['down'] } }, 'paused'],
  ] as const)('%s is told without any alert, once and not at every resync', async (_, over, reason) => {
    const { clock, swarm, observer } = await aLoop(aService({ desiredReplicas: 30, policy: aPolicy(over) }))
    await clock.advance(60_000)
    expect(observer.decisions).toMatchObject([{ kind: 'hold', reason, wouldBe: 10 }])
    swarm.put(aService({ desiredReplicas: 40, policy: aPolicy(over) }))
    await clock.advance(60_000)
    expect(observer.decisions).toHaveLength(2)
  })
})

describe('a service that breaks the look at it', () => {
  it('is told, and the others are looked at, now and later', async () => {
    const bad = aService({ name: 'bad', id: 'id-of-bad' })
    let isBroken = false
    const breaks: Subscriber = (event) => {
      if (isBroken && event.kind === 'read' && event.service.name === 'bad')
        throw new RangeError('Invalid time value')
    }
    const { loop, swarm, clock, observer } = await aLoopWith([breaks], bad)
    isBroken = true
    swarm.put(aService({ desiredReplicas: 30 }))
    await loop.checkAll()
    expect(swarm.get('web').desiredReplicas).toBe(10)
    expect(observer.of('failed')).toEqual(['failed bad engine'])
    swarm.put(aService({ desiredReplicas: 30 }))
    await clock.advance(15_000)
    expect(swarm.get('web').desiredReplicas).toBe(10)
  })
})

describe('looking at all', () => {
  it('does at once what a resync would do', async () => {
    const { loop, swarm, replicas } = await aLoop(aService())
    swarm.put(aService({ desiredReplicas: 30 }))
    await loop.checkAll()
    expect(replicas()).toBe(10)
  })
})

describe('stopping', () => {
  it('finishes an update under way, receives nothing more, and leaves no timer set', async () => {
    const { loop, swarm, clock, replicas } = await aLoop(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeUpdate = () => gate.promise
    const received = loop.receive('web', [firing(stepUp)])
    await settle()
    let hasStopped = false
    const stopped = loop.stop().then(() => {
      hasStopped = true
    })
    await settle()
    expect(hasStopped).toBe(false)
    await expect(loop.receive('web', [firing(stepUp)])).rejects.toMatchObject({
      code: 'stopping',
    })
    gate.resolve()
    await Promise.all([received, stopped])
    expect(replicas()).toBe(5)
    expect(clock.pending).toBe(0)
  })

  it('receives nothing that was still looking for its service', async () => {
    const { loop, swarm } = await aLoop()
    swarm.put(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    const received = loop.receive('web', [firing(stepUp)])
    await loop.stop()
    gate.resolve()
    await expect(received).rejects.toMatchObject({ code: 'stopping' })
    expect(swarm.updates).toEqual([])
  })
})
