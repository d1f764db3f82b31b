import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { anActiveAlert, aService, noon } from '../../test/support/fakes/builders.ts'
import { FakeClock, settle } from '../../test/support/fakes/fake-clock.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import type { Service } from '../domain/service.ts'
import { Reconciler } from '../reconcile/reconciler.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { createLogger } from './logger.ts'
import { Metrics } from './metrics.ts'
import { TelemetryObserver } from './observer.ts'

function anObserver() {
  const registry = new Registry()
  const observer = new TelemetryObserver(new Metrics(registry, '1.2.3'), createLogger('silent'), 15_000)
  /** The replica-seconds of each service that shows a series. */
  const seconds = async () => {
    const text = await registry.getSingleMetricAsString('swarm_autoscaler_replica_seconds_total')
    const series = [...text.matchAll(/^swarm_autoscaler_replica_seconds_total\{service="(\w+)"\} (\S+)$/gm)]
    return Object.fromEntries(series.map(([, service, value]) => [service, Number(value)]))
  }
  return { observer, loop: new Reporter(observer.subscriber), seconds }
}

function uncounted(desiredReplicas: number): Service {
  const { runningReplicas: _, ...service } = aService({ desiredReplicas })
  return service
}

describe('replica-seconds', () => {
  it('begin at 0 with the first look', async () => {
    const { loop, seconds } = anObserver()
    loop.read(aService(), noon)
    expect(await seconds()).toEqual({ web: 0 })
  })

  it('are those of the replicas that ran at the look before', async () => {
    const { loop, seconds } = anObserver()
    loop.read(aService({ desiredReplicas: 6, runningReplicas: 4 }), noon)
    loop.read(aService({ desiredReplicas: 6, runningReplicas: 6 }), noon + 15_000)
    loop.read(aService({ desiredReplicas: 6, runningReplicas: 6 }), noon + 15_500)
    expect(await seconds()).toEqual({ web: 4 * 15 + 6 * 0.5 })
  })

  it('are those of the spec where the running ones were not counted', async () => {
    const { loop, seconds } = anObserver()
    loop.read(uncounted(3), noon)
    loop.read(uncounted(5), noon + 10_000)
    loop.read(uncounted(5), noon + 11_000)
    expect(await seconds()).toEqual({ web: 35 })
  })

  const toSix = { kind: 'scale', from: 4, to: 6, reason: 'alert' } as const

  it('change with what runs, and not with what was asked for a moment ago', async () => {
    const { loop, seconds } = anObserver()
    loop.read(aService(), noon)
    loop.applied(uncounted(6), toSix, noon + 10_000)
    loop.read(aService({ desiredReplicas: 6, runningReplicas: 6 }), noon + 12_000)
    expect(await seconds()).toEqual({ web: 4 * 12 })
  })

  it('change with what was asked for where it was not counted what runs', async () => {
    const { loop, seconds } = anObserver()
    loop.read(uncounted(4), noon)
    loop.applied(uncounted(6), toSix, noon + 10_000)
    loop.read(uncounted(6), noon + 12_000)
    expect(await seconds()).toEqual({ web: 4 * 10 + 6 * 2 })
  })

  it.each([
    [45_000, 180],
    [45_001, 0],
    [-1, 0],
  ])('leave out a pause of more than three intervals, and a clock set back: %d ms', async (ms, expected) => {
    const { loop, seconds } = anObserver()
    loop.read(aService(), noon)
    loop.read(aService(), noon + ms)
    loop.read(aService(), noon + ms + 1_000)
    expect(await seconds()).toEqual({ web: expected + 4 })
  })

  it('leave out the time from the last look before Docker was away to the first one after', async () => {
    const { loop, seconds } = anObserver()
    loop.read(aService(), noon)
    loop.read(aService(), noon + 10_000)
    loop.resynced(new SwarmError('unreachable', 'nobody there'))
    loop.resynced()
    loop.read(aService(), noon + 20_000)
    loop.read(aService(), noon + 21_000)
    expect(await seconds()).toEqual({ web: 44 })
  })

  it('are of services that have opted in and have a number of replicas', async () => {
    const { loop, seconds } = anObserver()
    loop.read({ ...aService(), policy: { kind: 'not_enabled' } }, noon)
    loop.read(aService({ mode: 'global' }), noon)
    expect(await seconds()).toEqual({})
  })

  it('go with their service, and begin anew when it comes back', async () => {
    const { loop, seconds } = anObserver()
    const api = aService({ name: 'api' })
    for (const service of [aService(), api]) loop.read(service, noon)
    for (const service of [aService(), api]) loop.read(service, noon + 10_000)
    loop.forgotten('web')
    await settle()
    expect(await seconds()).toEqual({ api: 40 })
    loop.read(aService(), noon + 20_000)
    expect(await seconds()).toMatchObject({ web: 0 })
  })
})

describe('replica-seconds, as the loop counts them', () => {
  it('follow a service through a change and an outage', async () => {
    const { observer, seconds } = anObserver()
    const clock = new FakeClock()
    const swarm = new FakeSwarm(aService())
    const loop = new Reconciler({
      swarm,
      clock,
      subscribers: [observer.subscriber],
      resyncIntervalMs: 15_000,
      alertTtlMs: 120_000,
    })
    await loop.start()
    await clock.advance(30_000)
    await loop.receive('web', [{ kind: 'firing', alert: anActiveAlert('up', 7) }])
    swarm.update('web', { runningReplicas: 7 })
    await clock.advance(15_000)
    // Seen after 250 ms, and last at the resync after 45 s.
    expect(await seconds()).toEqual({ web: 4 * 30.25 + 7 * 14.75 })
    swarm.unreadable = new SwarmError('unreachable', 'nobody there')
    await clock.advance(60_000)
    swarm.unreadable = undefined
    await clock.advance(1_000)
    const before = await seconds()
    await clock.advance(15_000)
    expect((await seconds())['web']).toBeCloseTo((before['web'] ?? 0) + 7 * 15)
    expect(before['web']).toBeLessThan(4 * 30.25 + 7 * (14.75 + 15))
    await loop.stop()
  })
})
