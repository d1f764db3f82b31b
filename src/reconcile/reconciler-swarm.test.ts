import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import { Reconciler } from './reconciler.ts'
import { SwarmError } from './swarm-error.ts'

const id = 'id-of-web'
const oneUp = anActiveAlert('up', aStep(1))
const scaled: ScalingState = { lastUpMs: noon - 30_000, lastDownMs: noon - 600_000, replicas: 6 }
const six = aService({ desiredReplicas: 6, runningReplicas: 6, state: scaled })

/** A loop on this Swarm. What `change` does is told by an event, and has been looked at when it resolves. */
async function aLoopOn(swarm: FakeSwarm, clock = new FakeClock()) {
  const observer = new RecordingObserver()
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [observer.subscriber],
    resyncIntervalMs: 15_000,
    alertTtlMs: 600_000,
  })
  await loop.start()
  const listener = swarm.listener
  const changed = async (of = id) => {
    listener?.changed(of)
    await settle()
    await settle()
  }
  const post = async (...alerts: ActiveAlert[]) =>
    (
      await loop.receive(
        'web',
        alerts.map((alert) => ({ kind: 'firing', alert })),
      )
    ).decision
  return {
    swarm,
    clock,
    observer,
    loop,
    listener,
    changed,
    post,
    replicas: () => swarm.get('web').desiredReplicas,
  }
}

const aLoop = (...services: Service[]) => aLoopOn(new FakeSwarm(...services))

describe('a redeploy that an event tells of', () => {
  it('is restored in one update, with the old cooldown, and nobody else is said to have done it', async () => {
    const { swarm, observer, changed, post } = await aLoop(six)
    swarm.redeploy('web', 1)
    await changed()
    expect(swarm.updates).toEqual([{ name: 'web', replicas: 6, state: scaled }])
    expect(observer.of('applied')).toEqual(['applied web 1 6'])
    expect(observer.of('changed-by-others')).toEqual([])
    expect(await post(oneUp)).toMatchObject({ kind: 'hold', reason: 'cooldown', untilMs: noon + 30_000 })
  })

  it('is restored once, whatever events and resyncs follow', async () => {
    const { swarm, clock, changed } = await aLoop(six)
    swarm.redeploy('web', 1)
    await Promise.all([changed(), changed(), changed()])
    await clock.advance(60_000)
    expect(swarm.updates).toHaveLength(1)
  })

  it('is restored each time', async () => {
    const { swarm, changed, replicas } = await aLoop(six)
    swarm.tellsOfChanges = true
    for (const to of [1, 2, 1]) {
      swarm.redeploy('web', to)
      await changed()
      expect(replicas()).toBe(6)
    }
    expect(swarm.updates).toHaveLength(3)
  })

  it('in the midst of its rollout begins that one anew', async () => {
    const { swarm, changed } = await aLoop(six)
    swarm.redeploy('web', 1, { rollout: 'updating' })
    await changed()
    expect(swarm.relaunches).toBe(1)
    expect(swarm.updates).toHaveLength(1)
  })

  it('is restored to what this very receiver had scaled to', async () => {
    const { swarm, changed, post, replicas } = await aLoop(aService())
    await post(anActiveAlert('up', 7))
    await changed()
    swarm.redeploy('web', 1)
    await changed()
    expect(replicas()).toBe(7)
    expect(swarm.updates.map(({ state }) => state)).toEqual(Array(2).fill({ lastUpMs: noon, replicas: 7 }))
  })

  it('waits for the end of what holds it, and is restored then', async () => {
    const { swarm, clock, changed, replicas } = await aLoop(six)
    swarm.redeploy('web', 1, { rollout: 'paused' })
    await changed()
    await clock.advance(60_000)
    expect(replicas()).toBe(1)
    swarm.update('web', { rollout: 'completed' })
    await clock.advance(15_000)
    expect(replicas()).toBe(6)
  })

  it('that another receiver has restored is not taken for a person, and starts no cooldown', async () => {
    const { swarm, clock, observer, changed, post } = await aLoop(
      aService({ ...six, policy: aPolicy(), state: { ...scaled, lastUpMs: noon - 60_000 } }),
    )
    const { state } = swarm.get('web')
    swarm.beforeUpdate = () => {
      swarm.beforeUpdate = () => {}
      swarm.update('web', { desiredReplicas: 6, state })
    }
    swarm.redeploy('web', 1, { updatedAtMs: clock.nowMs() })
    await changed()
    expect(swarm.updates).toEqual([])
    expect(observer.of('changed-by-others')).toEqual([])
    expect(await post(oneUp)).toMatchObject({ kind: 'scale', from: 6, to: 7 })
  })

  it('is not taken for a person where an event comes before the answer to the update', async () => {
    const { swarm, observer, changed, post } = await aLoop(
      aService({ ...six, policy: aPolicy(), state: { ...scaled, lastUpMs: noon - 60_000 } }),
    )
    const gate = Promise.withResolvers<void>()
    const { find } = swarm
    Object.assign(swarm, {
      find: async (name: string) => {
        const found = await find(name)
        if (found === undefined) return undefined
        const restore: typeof found.restore = async (...change) => {
          await found.restore(...change)
          await gate.promise
        }
        return { ...found, restore }
      },
    })
    swarm.redeploy('web', 1)
    await changed()
    await changed()
    gate.resolve()
    await settle()
    expect(observer.of('changed-by-others')).toEqual([])
    expect(observer.of('applied')).toEqual(['applied web 1 6'])
    expect(await post(oneUp)).toMatchObject({ kind: 'scale', from: 6, to: 7 })
  })
})

describe('docker service rollback', () => {
  it("to a spec from before the first scaling is left as it is: it is a person's, and no redeploy", async () => {
    const { swarm, clock, observer, loop, post, replicas } = await aLoop(aService())
    swarm.tellsOfChanges = true
    const up = anActiveAlert('up', 9)
    await post(up)
    await loop.receive('web', [{ kind: 'resolved', fingerprint: up.fingerprint, endedAtMs: noon }])
    swarm.redeploy('web', 4, { rollout: 'rollback_completed' })
    await settle()
    await clock.advance(20_000)
    expect(replicas()).toBe(4)
    expect(swarm.updates).toHaveLength(1)
    expect(observer.of('changed-by-others')).toEqual(['changed-by-others web 9 4'])
  })
})

describe('an alert without a cooldown', () => {
  const up = { ...aPolicy().up, maxStep: [{ unit: 'replicas', value: 2 }] } as const
  const byTwo = aService({ policy: aPolicy({ max: 100, up }) })
  const stepping = aService({ policy: aPolicy({ max: 100, up: { ...aPolicy().up, cooldownMs: 0 } }) })
  const written = ({ updates }: FakeSwarm) => updates.map(({ replicas }) => replicas)

  const rows: [string, Service, ActiveAlert, readonly number[]][] = [
    ['a number in steps of the largest size', byTwo, anActiveAlert('up', 40), [6, 8, 10]],
    ['a step', stepping, oneUp, [5, 6, 7]],
  ]
  describe.each(rows)('%s', (_, service, alert, [first, second, third]) => {
    it('acts once with each delivery, whatever its own events set off', async () => {
      const { swarm, post } = await aLoop(service)
      swarm.tellsOfChanges = true
      await post(alert)
      for (let looks = 0; looks < 50; looks++) await settle()
      expect(written(swarm)).toEqual([first])
      await post(alert)
      for (let looks = 0; looks < 50; looks++) await settle()
      expect(written(swarm)).toEqual([first, second])
    })

    it('acts once with each delivery, whatever the timers cause', async () => {
      const { swarm, clock, post } = await aLoop(service)
      await post(alert)
      await clock.advance(14_999)
      expect(written(swarm)).toEqual([first])
    })

    it('acts once with each resync while it is active', async () => {
      const { swarm, clock, post } = await aLoop(service)
      swarm.tellsOfChanges = true
      await clock.advance(5_000)
      await post(alert)
      await clock.advance(14_999)
      expect(written(swarm)).toEqual([first, second])
      await clock.advance(10_001)
      expect(written(swarm)).toEqual([first, second, third])
    })
  })

  it('does not keep a correction from being made', async () => {
    const { swarm, post, changed } = await aLoop(byTwo)
    await post(anActiveAlert('up', 6))
    await changed()
    swarm.update('web', { desiredReplicas: 200 })
    await changed()
    expect(swarm.updates[1]).toMatchObject({ replicas: 100 })
  })
})

describe('a change whose answer is lost', () => {
  it('and that turns out to have been applied is followed until its tasks run', async () => {
    const { swarm, clock, observer, post } = await aLoop(aService())
    swarm.afterUpdate = () => {
      swarm.unreadable = new SwarmError('unreachable', 'gone')
      throw new SwarmError('timeout', 'late')
    }
    await expect(post(anActiveAlert('up', 6))).rejects.toThrow()
    swarm.unreadable = undefined
    swarm.update('web', { runningReplicas: 6 })
    await clock.advance(20_000)
    expect(observer.of('applied')).toEqual(['applied web 4 6'])
    expect(observer.of('converged')).toHaveLength(1)
  })
})

describe('an outage at the end of a cooldown', () => {
  it('holds the step back for a second or two after it, not for a whole interval', async () => {
    const state = { lastUpMs: noon - 59_000, replicas: 4 }
    const { swarm, clock, post, replicas } = await aLoop(aService({ state }))
    await post(oneUp)
    swarm.unreadable = new SwarmError('timeout', 'late')
    await clock.advance(1_500)
    swarm.unreadable = undefined
    await clock.advance(2_000)
    expect(replicas()).toBe(5)
  })
})

describe('a service that came and went', () => {
  const policy = aPolicy({ pause: { directions: ['down'], untilMs: noon + 3_600_000 } })
  const held = aService({ desiredReplicas: 30, policy })

  it('leaves no timer behind, though nothing was ever posted for it', async () => {
    const { swarm, clock } = await aLoop(held)
    expect(clock.pending).toBe(2)
    swarm.remove('web')
    await clock.advance(15_000)
    expect(clock.pending).toBe(1)
  })

  it('and comes again is told of anew', async () => {
    const { swarm, clock, observer } = await aLoop(held)
    await clock.advance(30_000)
    expect(observer.decisions).toHaveLength(1)
    swarm.remove('web')
    await clock.advance(15_000)
    swarm.put(held)
    await clock.advance(15_000)
    expect(observer.decisions).toHaveLength(2)
  })
})

describe('a reading of an earlier version', () => {
  it('changes nothing, and is told nothing of', async () => {
    const { swarm, clock, observer, post, replicas } = await aLoop(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    await clock.advance(15_000)
    swarm.beforeAnswer = async () => {}
    await post(anActiveAlert('up', 7))
    gate.resolve()
    await settle()
    expect(replicas()).toBe(7)
    expect(swarm.updates).toHaveLength(1)
    expect(observer.of('changed-by-others')).toEqual([])
  })

  it('is read anew where something is to be decided by it', async () => {
    const { swarm, observer, changed, post } = await aLoop(aService())
    swarm.update('web', { desiredReplicas: 5 })
    const stale = await swarm.find('web')
    swarm.update('web', { desiredReplicas: 6 })
    await changed()
    const { find } = swarm
    let isStale = true
    Object.assign(swarm, {
      find: async (name: string) => {
        if (!isStale) return find(name)
        isStale = false
        return stale
      },
    })
    expect(await post(anActiveAlert('up', 7))).toMatchObject({ kind: 'scale', from: 6, to: 7 })
    // Nothing was written over: nobody has lost against anybody.
    expect(observer.of('conflicted')).toEqual([])
  })
})

describe("a person's scaling", () => {
  const slow = aPolicy({
    up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 60_000 },
  })

  it('starts the cooldown at the time of the update, and is told once', async () => {
    const { swarm, clock, observer, changed, post } = await aLoop(aService({ policy: slow }))
    await clock.advance(10_000)
    swarm.update('web', { desiredReplicas: 5, updatedAtMs: noon + 10_000 })
    await changed()
    await clock.advance(59_999)
    expect(await post(anActiveAlert('up', 7))).toMatchObject({
      kind: 'hold',
      replicas: 5,
      reason: 'cooldown',
      untilMs: noon + 70_000,
    })
    expect(observer.of('changed-by-others')).toEqual(['changed-by-others web 4 5'])
    await clock.advance(1)
    expect(swarm.updates).toEqual([
      { name: 'web', replicas: 7, state: { lastUpMs: noon + 70_000, replicas: 7 } },
    ])
  })

  it('between two posts, which no event told of, starts the cooldown as well', async () => {
    const { swarm, post } = await aLoop(aService({ policy: slow }))
    swarm.update('web', { desiredReplicas: 5, updatedAtMs: noon })
    expect(await post(anActiveAlert('up', 7))).toMatchObject({ reason: 'cooldown', untilMs: noon + 60_000 })
  })

  it('between reading and writing starts the cooldown as well', async () => {
    const { swarm, post, replicas } = await aLoop(aService({ policy: slow }))
    swarm.beforeUpdate = () => {
      swarm.beforeUpdate = () => {}
      swarm.update('web', { desiredReplicas: 5, updatedAtMs: noon })
    }
    expect(await post(anActiveAlert('up', 7))).toMatchObject({ reason: 'cooldown' })
    expect(replicas()).toBe(5)
  })

  it('is written with the next change, so that it outlives the receiver', async () => {
    const { swarm, clock, post } = await aLoop(aService({ state: { lastDownMs: 1 } }))
    swarm.update('web', { desiredReplicas: 3, updatedAtMs: noon - 1 })
    await clock.advance(15_000)
    await post(anActiveAlert('up', 7))
    expect(swarm.updates[0]?.state).toEqual({ lastUpMs: noon + 15_000, lastDownMs: noon - 1, replicas: 7 })
  })
})

describe('a rollout', () => {
  it('that has ended lets go what it held, without a post or an event', async () => {
    const { swarm, clock, post, replicas } = await aLoop(aService({ rollout: 'updating' }))
    expect(await post(anActiveAlert('up', 7))).toMatchObject({ reason: 'rollout', wouldBe: 7 })
    await clock.advance(2_000)
    expect(replicas()).toBe(4)
    swarm.update('web', { rollout: 'completed' })
    await clock.advance(500)
    expect(replicas()).toBe(7)
  })

  it('that has ended lets go what it held at once, where an event tells of it', async () => {
    const { swarm, changed, post, replicas } = await aLoop(aService({ rollout: 'updating' }))
    await post(anActiveAlert('up', 7))
    swarm.update('web', { rollout: 'completed' })
    await changed()
    expect(replicas()).toBe(7)
  })

  it('that holds an up for a minute is told once', async () => {
    const { clock, observer, post } = await aLoop(aService({ rollout: 'paused' }))
    await post(anActiveAlert('up', 7))
    await clock.advance(59_999)
    expect(observer.of('blocked')).toEqual([])
    await clock.advance(300_000)
    expect(observer.of('blocked')).toEqual([`blocked web rollout ${noon}`])
  })

  it('that holds a down is never told', async () => {
    const { clock, observer, post } = await aLoop(aService({ rollout: 'paused' }))
    await post(anActiveAlert('down', 2))
    await clock.advance(300_000)
    expect(observer.of('blocked')).toEqual([])
  })

  it('holds nothing any more where the alert has ended: no timer is left but the resync', async () => {
    const { loop, clock, post } = await aLoop(aService({ rollout: 'paused' }))
    const up = anActiveAlert('up', 7)
    await post(up)
    expect(clock.pending).toBe(2)
    await loop.receive('web', [{ kind: 'resolved', fingerprint: up.fingerprint, endedAtMs: noon }])
    expect(clock.pending).toBe(1)
  })
})

describe('tasks', () => {
  const tasks = { running: 4, starting: 0, pending: 0, failing: 0 }

  it('that all run after a change are told, with the time that it took', async () => {
    const { swarm, clock, observer, post } = await aLoop(aService())
    await post(anActiveAlert('up', 6))
    await clock.advance(1_000)
    expect(observer.of('converged')).toEqual([])
    swarm.put({ ...swarm.get('web'), tasks: { ...tasks, running: 6 } })
    await clock.advance(500)
    expect(observer.of('converged')).toEqual(['converged web 6 1250'])
    await clock.advance(60_000)
    expect(observer.of('converged')).toHaveLength(1)
  })

  it('that all run are told at once where an event tells of it', async () => {
    const { swarm, clock, observer, changed, post } = await aLoop(aService())
    await post(anActiveAlert('up', 6))
    await changed()
    await clock.advance(100)
    swarm.put({ ...swarm.get('web'), tasks: { ...tasks, running: 6 } })
    await changed()
    expect(observer.of('converged')).toEqual(['converged web 6 100'])
  })

  it('that ran before the change say nothing of it', async () => {
    const draining = aService({ runningReplicas: 6, tasks: { ...tasks, running: 6 } })
    const { observer, post } = await aLoop(draining)
    await post(anActiveAlert('up', 6))
    expect(observer.of('converged')).toEqual([])
  })

  it('that fail again and again after a change are told once for each change', async () => {
    const { swarm, clock, observer, post } = await aLoop(aService())
    await post(anActiveAlert('up', 6))
    swarm.put({ ...swarm.get('web'), tasks: { ...tasks, failing: 2 } })
    await clock.advance(60_000)
    expect(observer.of('crash-looped')).toEqual(['crash-looped web 6'])
    await post(anActiveAlert('up', 8))
    await clock.advance(60_000)
    expect(observer.of('crash-looped')).toEqual(['crash-looped web 6', 'crash-looped web 8'])
  })

  it('that find no node hold the next up, and let it go when they run', async () => {
    const { swarm, clock, post, replicas } = await aLoop(
      aService({ tasks: { ...tasks, running: 3, pending: 1 } }),
    )
    expect(await post(anActiveAlert('up', 6))).toMatchObject({ reason: 'tasks_pending', wouldBe: 6 })
    swarm.put(aService({ tasks }))
    await clock.advance(500)
    expect(replicas()).toBe(6)
  })

  it('that still start hold a down, and let it go when they run', async () => {
    const { swarm, clock, post, replicas } = await aLoop(
      aService({ tasks: { ...tasks, running: 3, starting: 1 } }),
    )
    expect(await post(anActiveAlert('down', 2))).toMatchObject({ reason: 'tasks_starting', wouldBe: 2 })
    swarm.put(aService({ tasks }))
    await clock.advance(500)
    expect(replicas()).toBe(2)
  })
})

describe('events', () => {
  it('of a service out of its bounds have it corrected, without a resync', async () => {
    const { swarm, changed, replicas } = await aLoop(aService())
    swarm.update('web', { desiredReplicas: 30 })
    await changed()
    expect(replicas()).toBe(10)
  })

  it('of a service that is new have it looked at', async () => {
    const { swarm, changed, replicas } = await aLoop()
    swarm.put(aService({ desiredReplicas: 30 }))
    await changed()
    expect(replicas()).toBe(10)
  })

  it('of services that never opted in are ignored, and nothing of them is kept', async () => {
    const stranger: Service = { ...aService({ desiredReplicas: 4 }), policy: { kind: 'not_enabled' } }
    const { swarm, observer, changed, replicas } = await aLoop()
    swarm.put(stranger)
    await changed()
    swarm.put({ ...stranger, desiredReplicas: 6 })
    await changed()
    swarm.put(aService({ desiredReplicas: 7 }))
    await changed()
    expect(replicas()).toBe(7)
    expect(observer.told).toEqual(['resynced ok'])
  })

  it('of a service that is gone do no harm', async () => {
    const { swarm, observer, changed } = await aLoop(aService())
    swarm.remove('web')
    await changed()
    await changed('id-of-another')
    expect(observer.told).toEqual(['resynced ok'])
  })

  it('while Docker is away do no harm: the resync finds what they told of', async () => {
    const { swarm, clock, changed, replicas } = await aLoop(aService())
    swarm.update('web', { desiredReplicas: 30 })
    swarm.unreadable = new SwarmError('unreachable', 'away')
    await changed()
    swarm.unreadable = undefined
    await clock.advance(15_000)
    expect(replicas()).toBe(10)
  })

  it('that come again may have been missed: everything is looked at', async () => {
    const { swarm, observer, listener, replicas } = await aLoop(aService())
    swarm.update('web', { desiredReplicas: 30 })
    listener?.lost(new SwarmError('denied', 'forbidden'))
    await settle()
    expect(replicas()).toBe(30)
    listener?.connected()
    await settle()
    await settle()
    expect(replicas()).toBe(10)
    expect(observer.of('listening')).toEqual(['listening denied', 'listening ok'])
  })

  it('are listened to until the loop stops, and change nothing after that', async () => {
    const { loop, swarm, changed, listener, clock } = await aLoop(aService())
    await loop.stop()
    expect(swarm.listener).toBeUndefined()
    swarm.update('web', { desiredReplicas: 30 })
    await changed()
    listener?.connected()
    await settle()
    expect(swarm.updates).toEqual([])
    expect(clock.pending).toBe(0)
  })
})

describe('two loops on one Swarm', () => {
  const two = async (service: Service) => {
    const swarm = new FakeSwarm(service)
    const clock = new FakeClock()
    return { swarm, clock, one: await aLoopOn(swarm, clock), other: await aLoopOn(swarm, clock) }
  }

  it('that are given the same step at the same time make one step', async () => {
    const { swarm, one, other } = await two(aService())
    const decisions = await Promise.all([one, other].map(({ post }) => post(oneUp)))
    expect(swarm.updates).toEqual([{ name: 'web', replicas: 5, state: { lastUpMs: noon, replicas: 5 } }])
    expect(decisions.map(({ reason }) => reason).sort()).toEqual(['alert', 'cooldown'])
  })

  it('and that have an active step make one step after each cooldown', async () => {
    const { swarm, clock, one, other } = await two(aService())
    await Promise.all([one, other].map(({ post }) => post(oneUp)))
    await clock.advance(59_999)
    expect(swarm.updates).toHaveLength(1)
    await clock.advance(1)
    await settle()
    expect(swarm.updates.map(({ replicas }) => replicas)).toEqual([5, 6])
  })

  it('restore a redeploy once, and neither takes it for a person', async () => {
    const { swarm, one, other } = await two(six)
    swarm.redeploy('web', 1)
    await Promise.all([one, other].map(({ changed }) => changed()))
    expect(swarm.updates).toEqual([{ name: 'web', replicas: 6, state: scaled }])
    for (const { observer } of [one, other]) expect(observer.of('changed-by-others')).toEqual([])
  })

  it("both take a person's scaling for what it is, and neither the other's", async () => {
    const { swarm, one, other } = await two(aService())
    await one.post(anActiveAlert('up', 6))
    await Promise.all([one, other].map(({ changed }) => changed()))
    for (const { observer } of [one, other]) expect(observer.of('changed-by-others')).toEqual([])
    swarm.update('web', { desiredReplicas: 8 })
    await Promise.all([one, other].map(({ changed }) => changed()))
    for (const { observer } of [one, other]) {
      expect(observer.of('changed-by-others')).toEqual(['changed-by-others web 6 8'])
    }
  })
})

describe('many services that were changed at once', () => {
  it('are looked at in turn, and what an alert asks for meanwhile does not wait behind them', async () => {
    const others = Array.from({ length: 100 }, (_, n) =>
      aService({ name: `other-${n}`, id: `id-of-other-${n}` }),
    )
    const { swarm, listener, post, replicas } = await aLoop(aService(), ...others)
    const answer = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => answer.promise
    swarm.finds = 0
    for (const { id: changed } of others) listener?.changed(changed)
    await settle()
    const lookedAt = swarm.finds
    expect(lookedAt).toBeGreaterThan(1)
    expect(lookedAt).toBeLessThanOrEqual(16)
    swarm.beforeAnswer = async () => {}
    expect(await post(oneUp)).toMatchObject({ kind: 'scale' })
    expect(swarm.finds).toBe(lookedAt + 1)
    answer.resolve()
    await settle()
    await settle()
    expect(swarm.finds).toBeGreaterThanOrEqual(others.length + 1)
    expect(replicas()).toBe(aService().desiredReplicas + 1)
  })
})
