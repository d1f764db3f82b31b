import { beforeEach, describe, expect, it, vi } from 'vitest'
import { anActiveAlert, aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import type * as Decide from '../decide/decide.ts'
import type { Service } from '../domain/service.ts'
import { Reconciler } from './reconciler.ts'

const decisions = vi.hoisted(() => ({ count: 0 }))
vi.mock(import('../decide/decide.ts'), async (importOriginal) => {
  const original: typeof Decide = await importOriginal()
  return {
    ...original,
    decide: (situation) => {
      decisions.count++
      return original.decide(situation)
    },
  }
})
beforeEach(() => {
  decisions.count = 0
})

const six = aService({
  desiredReplicas: 6,
  runningReplicas: 6,
  state: { lastUpMs: noon - 90_000, replicas: 6 },
})

/** A loop on a Swarm that reports changes as they happen, its own ones as well. The counts begin when it has settled. */
async function aLoop(...services: Service[]) {
  const swarm = new FakeSwarm(...services)
  swarm.tellsOfChanges = true
  const clock = new FakeClock()
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [],
    resyncIntervalMs: 15_000,
    alertTtlMs: 600_000,
  })
  await loop.start()
  await settle()
  Object.assign(swarm, { finds: 0, findsById: 0, lists: 0 })
  decisions.count = 0
  const quiet = async () => {
    for (let n = 0; n < 5; n++) await settle()
  }
  return { swarm, clock, loop, quiet }
}

describe('a redeploy that was restored', () => {
  it('has cost one reading of the service and two decisions', async () => {
    const { swarm, quiet } = await aLoop(six)
    swarm.redeploy('web', 1)
    await quiet()
    expect(swarm.updates).toMatchObject([{ replicas: 6 }])
    expect([swarm.finds, swarm.lists]).toEqual([1, 0])
    expect(decisions.count).toBe(2)
  })

  it('and that only the resync has found, has cost no reading but the list', async () => {
    const { swarm, clock, quiet } = await aLoop(six)
    swarm.tellsOfChanges = false
    swarm.redeploy('web', 1)
    await clock.advance(15_000)
    await quiet()
    expect(swarm.updates).toMatchObject([{ replicas: 6 }])
    expect([swarm.finds, swarm.lists]).toEqual([0, 1])
    expect(decisions.count).toBe(2)
  })
})

describe('a change that an alert asks for', () => {
  it('has cost one reading and two decisions: one before it and one after', async () => {
    const { loop, swarm, quiet } = await aLoop(aService())
    await loop.receive('web', [{ kind: 'firing', alert: anActiveAlert('up', 7) }])
    await quiet()
    expect(swarm.updates).toMatchObject([{ replicas: 7 }])
    expect(swarm.finds).toBe(1)
    expect(decisions.count).toBe(2)
  })

  it('is decided again if the service is another than it was', async () => {
    const { loop, swarm } = await aLoop(aService())
    swarm.tellsOfChanges = false
    swarm.update('web', { desiredReplicas: 5 })
    const { decision } = await loop.receive('web', [{ kind: 'firing', alert: anActiveAlert('up', 7) }])
    expect(decision).toMatchObject({ kind: 'scale', from: 5, to: 7 })
    expect(decisions.count).toBe(3)
  })

  it.each([
    ['its tasks are others', { tasks: { running: 3, starting: 0, pending: 1, failing: 0 } }, 'tasks_pending'],
    [
      'the policy beneath its labels is another',
      { policy: aService({ policy: aPolicy({ max: 4 }) }).policy },
      'at_max',
    ],
  ])('is decided again if %s, although its version is the same', async (_, change, reason) => {
    const { loop, swarm } = await aLoop(aService())
    const { find } = swarm
    Object.assign(swarm, {
      find: async (name: string) => {
        const found = await find(name)
        return found && { ...found, service: { ...found.service, ...change } }
      },
    })
    const { decision } = await loop.receive('web', [{ kind: 'firing', alert: anActiveAlert('up', 7) }])
    expect(decision).toMatchObject({ kind: 'hold', reason })
    expect(swarm.updates).toEqual([])
  })

  it('for a service that nobody has read before has cost one reading', async () => {
    const { loop, swarm, quiet } = await aLoop()
    swarm.tellsOfChanges = false
    swarm.put(aService())
    await loop.receive('id-of-web', [{ kind: 'firing', alert: anActiveAlert('up', 7) }])
    await quiet()
    expect(swarm.updates).toMatchObject([{ replicas: 7 }])
    expect(swarm.finds).toBe(1)
  })
})

describe('an event', () => {
  it('of a service that is not known is looked up by its ID alone', async () => {
    const { swarm, quiet } = await aLoop()
    swarm.put(aService({ desiredReplicas: 30 }))
    await quiet()
    expect(swarm.updates).toMatchObject([{ replicas: 10 }])
    expect([swarm.finds, swarm.findsById]).toEqual([1, 1])
  })

  it('that comes a hundred times at once costs two readings', async () => {
    const { swarm, quiet } = await aLoop()
    for (let n = 0; n < 100; n++) swarm.put(aService())
    await quiet()
    expect(swarm.findsById).toBe(2)
  })
})
