import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Service } from '../domain/service.ts'
import { Reconciler } from './reconciler.ts'
import { SwarmError } from './swarm-error.ts'

/** A loop to which changes are reported, and a count of the readings since it has started. */
async function aLoop(...services: Service[]) {
  const swarm = new FakeSwarm(...services)
  swarm.tellsOfChanges = true
  const clock = new FakeClock()
  const observer = new RecordingObserver()
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [observer.subscriber],
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
  })
  await loop.start()
  await settle()
  const findsAtFirst = swarm.finds
  const post = (alert: ActiveAlert, service = 'web') => loop.receive(service, [{ kind: 'firing', alert }])
  return { swarm, clock, observer, loop, post, finds: () => swarm.finds - findsAtFirst }
}

const tasks = { running: 4, starting: 0, pending: 0, failing: 0 }

/** Posts that come to nothing, the decision, and whether it takes a reading. */
const idle: readonly [string, Partial<Service>, ActiveAlert, object, 0 | 1][] = [
  ['asks for what is there', {}, anActiveAlert('up', 4), { kind: 'hold', reason: 'at_target' }, 0],
  [
    'waits for a cooldown',
    { state: { lastUpMs: noon } },
    anActiveAlert('up', aStep(1)),
    { reason: 'cooldown' },
    0,
  ],
  [
    'is for a service at its maximum',
    { desiredReplicas: 10 },
    anActiveAlert('up', 99),
    { reason: 'at_max' },
    0,
  ],
  [
    'is for a service with a wrong label',
    { policy: { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] } },
    anActiveAlert('up', 9),
    { kind: 'reject', reason: 'invalid_policy' },
    0,
  ],
  ['is for a global service', { mode: 'global' }, anActiveAlert('up', 9), { reason: 'not_replicated' }, 0],
  [
    'waits for a rollout, whose end Swarm may tell of late',
    { rollout: 'updating' },
    anActiveAlert('up', 9),
    { reason: 'rollout' },
    1,
  ],
  [
    'waits for tasks, of which Swarm tells nothing',
    { tasks: { ...tasks, pending: 1 } },
    anActiveAlert('up', 9),
    { reason: 'tasks_pending' },
    1,
  ],
]

describe('a post that changes nothing', () => {
  it.each(idle)('and %s', async (_, service, alert, decision, readings) => {
    const { post, finds, swarm } = await aLoop({ ...aService(), ...service })
    expect((await post(alert)).decision).toMatchObject(decision)
    expect(finds()).toBe(readings)
    expect(swarm.updates).toEqual([])
  })

  it('is told of, as every other', async () => {
    const { post, observer } = await aLoop(aService())
    await post(anActiveAlert('up', 4))
    expect(observer.decisions.at(-1)).toMatchObject({ kind: 'hold', reason: 'at_target' })
    expect(observer.statuses.at(-1)).toMatchObject({ alerts: [{ scale: 'up' }], atMs: noon })
  })

  it('keeps its alert, which acts when its time has come', async () => {
    const { post, clock, swarm, finds } = await aLoop(aService({ state: { lastUpMs: noon } }))
    await post(anActiveAlert('up', aStep(1)))
    expect(finds()).toBe(0)
    await clock.advance(60_000)
    expect(swarm.get('web').desiredReplicas).toBe(5)
  })

  it('puts off no look that is due earlier, however often it comes', async () => {
    const { post, clock, observer, swarm } = await aLoop(aService({ tasks }))
    await post(anActiveAlert('up', 6))
    const { tasks: _, ...rest } = swarm.get('web')
    swarm.put({ ...rest, tasks: { ...tasks, running: 6 } })
    for (let n = 0; n < 20; n++) {
      await post(anActiveAlert('up', 6))
      await clock.advance(50)
    }
    expect(observer.of('converged')).toHaveLength(1)
  })
})

describe('a service is read', () => {
  it('before anything is written, for the change is made to what is there now', async () => {
    const { post, finds, swarm } = await aLoop(aService())
    await post(anActiveAlert('up', 7))
    expect(finds()).toBeGreaterThan(0)
    expect(swarm.updates).toHaveLength(1)
  })

  it.each<[string, (world: Awaited<ReturnType<typeof aLoop>>) => void]>([
    ['somebody changed it', ({ swarm }) => swarm.update('web', { desiredReplicas: 3 })],
    ['no changes are told', ({ swarm }) => swarm.listener?.lost(new SwarmError('unreachable', ''))],
  ])('where %s', async (_, happen) => {
    const world = await aLoop(aService())
    happen(world)
    await world.post(anActiveAlert('up', 4))
    expect(world.finds()).toBeGreaterThan(0)
  })

  it('where the policies were read anew, although the look at them is still under way', async () => {
    const { post, swarm, loop } = await aLoop(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    const looking = loop.checkAll()
    swarm.beforeAnswer = async () => {}
    swarm.put({ ...swarm.get('web'), policy: aService({ policy: aPolicy({ max: 6 }) }).policy })
    expect((await post(anActiveAlert('up', 9))).decision).toMatchObject({ kind: 'scale', to: 6 })
    gate.resolve()
    await looking
  })

  it('never where nobody knows it: names that callers make up cost no reading each', async () => {
    const { post, swarm, finds } = await aLoop(aService())
    const posts = Array.from({ length: 100 }, (_, n) => post(anActiveAlert('up', 9), `nobody-${n}`))
    const decisions = (await Promise.all(posts)).map(({ decision }) => decision.reason)
    expect(new Set(decisions)).toEqual(new Set(['unknown_service']))
    expect(finds()).toBe(0)
    expect(swarm.referencesRead).toBeLessThanOrEqual(2)
  })
})
