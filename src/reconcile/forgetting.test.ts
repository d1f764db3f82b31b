import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Service } from '../domain/service.ts'
import type { LoopEvent } from './events.ts'
import { Reconciler } from './reconciler.ts'
import { SwarmError } from './swarm-error.ts'

const tasks = { running: 4, starting: 0, pending: 0, failing: 0 }

async function aLoop(...services: Service[]) {
  const swarm = new FakeSwarm(...services)
  const clock = new FakeClock()
  const observer = new RecordingObserver()
  const events: LoopEvent[] = []
  const subscribers = [observer.subscriber, (event: LoopEvent) => void events.push(event)]
  const loop = new Reconciler({ swarm, clock, subscribers, resyncIntervalMs: 15_000, alertTtlMs: 600_000 })
  await loop.start()
  const post = (alert: ActiveAlert, name = 'web') => loop.receive(name, [{ kind: 'firing', alert }])
  const goneAndBack = async (service: Service) => {
    swarm.remove('web')
    await clock.advance(15_000)
    swarm.put(service)
    await clock.advance(15_000)
  }
  return { swarm, clock, observer, loop, post, goneAndBack, events }
}

describe('a service that is gone and comes back', () => {
  it('is reported as forgotten, once', async () => {
    const { swarm, clock, events } = await aLoop(aService(), aService({ name: 'api', id: 'id-of-api' }))
    swarm.remove('web')
    await clock.advance(60_000)
    expect(events.filter(({ kind }) => kind === 'forgotten')).toEqual([
      { kind: 'forgotten', service: 'web', atMs: noon + 15_000 },
    ])
  })

  it('is followed for no earlier change', async () => {
    const { observer, post, goneAndBack } = await aLoop(aService({ tasks }))
    await post(anActiveAlert('up', 6))
    await goneAndBack(aService({ desiredReplicas: 6, tasks: { ...tasks, running: 6 } }))
    expect(observer.of('applied')).toEqual(['applied web 4 6'])
    expect(observer.of('converged')).toEqual([])
  })

  it('is not blocked since before', async () => {
    const { observer, post, clock, goneAndBack } = await aLoop(aService({ rollout: 'updating' }))
    await post(anActiveAlert('up', 7))
    await goneAndBack(aService({ rollout: 'updating' }))
    await post(anActiveAlert('up', 7))
    await clock.advance(59_000)
    expect(observer.of('blocked')).toEqual([])
    await clock.advance(16_000)
    expect(observer.of('blocked')).toEqual([`blocked web rollout ${noon + 30_000}`])
  })

  it('is not told a change of which nobody knew whether it was applied', async () => {
    const { swarm, observer, post, goneAndBack } = await aLoop(aService())
    swarm.afterUpdate = () => {
      swarm.unreadable = new SwarmError('unreachable', 'gone')
      throw new SwarmError('timeout', 'late')
    }
    await expect(post(anActiveAlert('up', 6))).rejects.toThrow()
    swarm.unreadable = undefined
    const written = swarm.get('web')
    await goneAndBack(written)
    expect(observer.of('applied')).toEqual([])
  })

  it('has no external change in between, and may be of any version', async () => {
    const { observer, loop, goneAndBack } = await aLoop(aService({ version: 9 }))
    await goneAndBack(aService({ desiredReplicas: 7 }))
    expect(observer.of('changed-by-others')).toEqual([])
    expect(loop.status('web')).toMatchObject({ sinceMs: noon + 30_000, service: { desiredReplicas: 7 } })
  })

  it('does not wait for an earlier step by an alert without a cooldown', async () => {
    const policy = aPolicy({ max: 100, up: { ...aPolicy().up, cooldownMs: 0 } })
    const { swarm, clock, post } = await aLoop(aService({ policy }))
    await post(anActiveAlert('up', aStep(1)))
    swarm.remove('web')
    await clock.advance(15_000)
    swarm.put(aService({ policy }))
    await post(anActiveAlert('up', aStep(1)))
    expect(swarm.updates.map(({ replicas }) => replicas)).toEqual([5, 5])
  })
})

describe('what is known of one service', () => {
  it('is not taken for another: a change, a hold and a step are each followed by themselves', async () => {
    const api = aService({
      name: 'api',
      id: 'id-of-api',
      tasks: { ...tasks, running: 6 },
      desiredReplicas: 6,
    })
    const { observer, post, clock, swarm } = await aLoop(aService({ tasks }), api)
    await post(anActiveAlert('up', 6))
    await clock.advance(60_000)
    expect(observer.of('converged')).toEqual([])
    await post(anActiveAlert('up', 8), 'api')
    expect(swarm.updates.map(({ name, replicas }) => `${name} ${replicas}`)).toEqual(['web 6', 'api 8'])
  })
})

describe('a loop that stops', () => {
  it('waits for a check under way', async () => {
    const { swarm, loop } = await aLoop(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    swarm.listener?.changed('id-of-web')
    await settle()
    let hasStopped = false
    const stopping = loop.stop().then(() => {
      hasStopped = true
    })
    await settle()
    expect(hasStopped).toBe(false)
    gate.resolve()
    await stopping
    expect(hasStopped).toBe(true)
  })

  it('waits for a check of a service that is not known yet', async () => {
    const { swarm, loop } = await aLoop()
    swarm.put(aService())
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    swarm.listener?.changed('id-of-web')
    await settle()
    let hasStopped = false
    const stopping = loop.stop().then(() => {
      hasStopped = true
    })
    await settle()
    expect(hasStopped).toBe(false)
    gate.resolve()
    await stopping
  })
})
