import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { settle } from '../../test/support/fakes/fake-clock.ts'
import { Reporter } from '../../test/support/fakes/reporter.ts'
import type { Decision } from '../domain/decision.ts'
import type { Forecast } from '../domain/forecast.ts'
import type { Service, Tasks } from '../domain/service.ts'
import type { Scaling } from '../reconcile/events.ts'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { createLogger } from './logger.ts'
import { Metrics } from './metrics.ts'
import { TelemetryObserver } from './observer.ts'

const toSix: Scaling = { kind: 'scale', from: 4, to: 6, reason: 'alert' }
const restored: Scaling = { kind: 'scale', from: 1, to: 6, reason: 'redeploy_restored' }
const noNode = 'no suitable node (insufficient resources on 1 node)'

function anObserver() {
  const lines: Record<string, unknown>[] = []
  const registry = new Registry()
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  const observer = new TelemetryObserver(new Metrics(registry, '1.2.3'), log)
  /** The series of a metric, one line each, without the prefix. */
  const series = async (name: string) => {
    const text = await registry.getSingleMetricAsString(`swarm_autoscaler_${name}`)
    const own = text.split('\n').filter((line) => !line.startsWith('#') && line !== '')
    return own.map((line) => line.replace(`swarm_autoscaler_${name}`, ''))
  }
  return { observer, loop: new Reporter(observer.subscriber), lines, series }
}

const withTasks = (over: Partial<Tasks>): Service =>
  aService({ tasks: { running: 4, starting: 0, pending: 0, failing: 0, ...over } })

describe('a change whose tasks all run', () => {
  it('is counted with the seconds that it took, and has a line', async () => {
    const { loop, lines, series } = anObserver()
    loop.converged(aService({ desiredReplicas: 6 }), toSix, 2_500)
    loop.converged(aService({ desiredReplicas: 6 }), toSix, 2_750)
    const shown = await series('convergence_seconds')
    expect(shown).toContain('_count 2')
    expect(shown).toContain('_sum 5.25')
    expect(shown).toContain('_bucket{le="2.5"} 1')
    expect(shown).toContain('_bucket{le="5"} 2')
    expect(lines[0]).toMatchObject({
      level: 'info',
      msg: 'all tasks run',
      service: 'web',
      from: 4,
      to: 6,
      convergedSeconds: 2.5,
    })
  })
})

describe('a crash loop', () => {
  it("is counted by service, and has a line with Docker's own words and where to look", async () => {
    const { loop, lines, series } = anObserver()
    const service = withTasks({ running: 2, failing: 2, failingReason: 'task: non-zero exit (1)' })
    loop.crashLooped(service, toSix)
    loop.crashLooped(service, toSix)
    loop.crashLooped({ ...service, name: 'api' }, toSix)
    expect(await series('crash_loops_total')).toEqual(['{service="web"} 2', '{service="api"} 1'])
    expect(lines[0]).toMatchObject({
      level: 'error',
      msg: expect.stringMatching(/docker service ps.*docker service logs/),
      service: 'web',
      from: 4,
      to: 6,
      failing: 2,
      error: 'task: non-zero exit (1)',
    })
  })
})

describe('a forecast', () => {
  const daily = { period: 'daily', lookAheadMs: 600_000, isForecastOnly: false } as const
  const withForecast = (forecast?: Forecast) =>
    aService({ policy: aPolicy(forecast === undefined ? {} : { forecast }) })

  it('is shown as the policy has it, with one series for a service', async () => {
    const { loop, series } = anObserver()
    const shown = () => series('service_forecast_look_ahead_seconds')
    loop.read(withForecast(daily), noon)
    expect(await shown()).toEqual(['{service="web",period="daily",mode="act"} 600'])
    loop.read(withForecast({ period: 'weekly', lookAheadMs: 3_600_000, isForecastOnly: true }), noon)
    expect(await shown()).toEqual(['{service="web",period="weekly",mode="forecast-only"} 3600'])
    loop.read(withForecast(), noon)
    expect(await shown()).toEqual([])
  })

  it('is shown no more of a service that is gone, or whose policy is wrong', async () => {
    const { loop, series } = anObserver()
    const shown = () => series('service_forecast_look_ahead_seconds')
    const faults = [{ key: 'autoscaler.max', message: 'is missing' }] as const
    loop.read(withForecast(daily), noon)
    loop.read({ ...withForecast(daily), policy: { kind: 'invalid', faults } }, noon)
    expect(await shown()).toEqual([])
    loop.read(withForecast(daily), noon)
    loop.forgotten('web')
    await settle()
    expect(await shown()).toEqual([])
  })
})

describe('a redeploy that was restored', () => {
  it('is counted by service, and other changes are not', async () => {
    const { loop, lines, series } = anObserver()
    loop.applied(aService({ desiredReplicas: 6 }), restored, noon)
    loop.applied(aService({ desiredReplicas: 6 }), toSix, noon)
    loop.applied(aService({ desiredReplicas: 6 }), { ...toSix, reason: 'below_min' }, noon)
    expect(await series('redeploys_restored_total')).toEqual(['{service="web"} 1'])
    expect(await series('scalings_total')).toEqual(['{service="web",direction="up",outcome="applied"} 3'])
    expect(lines[0]).toMatchObject({ msg: 'scaled', reason: 'redeploy_restored', from: 1, to: 6 })
  })
})

describe('the tasks of a service', () => {
  it('are shown, pending and failing ones each by number, with the reason for pending ones', async () => {
    const { loop, series } = anObserver()
    loop.read(withTasks({ running: 1, pending: 2, failing: 1, pendingReason: noNode }), noon)
    expect(await series('service_pending_replicas')).toEqual(['{service="web"} 2'])
    expect(await series('service_pending_info')).toEqual([`{service="web",reason="${noNode}"} 1`])
    expect(await series('service_failing_replicas')).toEqual(['{service="web"} 1'])
  })

  it.each([
    ['all of them run', withTasks({})],
    ['they were not read, since all of them run', aService()],
  ])('are none pending or failing where %s, and the reason is gone', async (_, service) => {
    const { loop, series } = anObserver()
    loop.read(withTasks({ pending: 2, failing: 1, pendingReason: noNode }), noon)
    loop.read(service, noon)
    expect(await series('service_pending_replicas')).toEqual(['{service="web"} 0'])
    expect(await series('service_pending_info')).toEqual([])
    expect(await series('service_failing_replicas')).toEqual(['{service="web"} 0'])
  })

  it('have one reason for being pending, the present one', async () => {
    const { loop, series } = anObserver()
    loop.read(withTasks({ pending: 2, pendingReason: noNode }), noon)
    loop.read(withTasks({ pending: 1, pendingReason: 'no suitable node (1 node not available)' }), noon)
    expect(await series('service_pending_info')).toEqual([
      '{service="web",reason="no suitable node (1 node not available)"} 1',
    ])
  })

  it("have the reason of their own service, which another one's end leaves alone", async () => {
    const { loop, series } = anObserver()
    const pending = withTasks({ pending: 1, pendingReason: noNode })
    for (const service of [pending, { ...pending, name: 'api' }, withTasks({})]) loop.read(service, noon)
    expect(await series('service_pending_info')).toEqual([`{service="api",reason="${noNode}"} 1`])
  })
})

describe('the status of a service', () => {
  const due: Decision = { kind: 'scale', from: 4, to: 6, reason: 'alert' }
  const held: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown' }
  const refused: Decision = { kind: 'reject', reason: 'invalid_policy' }

  it('is one series, of the last look', async () => {
    const { loop, series } = anObserver()
    const shown: string[][] = []
    for (const decision of [due, held, held, refused]) {
      loop.checked(aService(), decision)
      shown.push(await series('service_status_info'))
    }
    expect(shown).toEqual([
      ['{service="web",decision="scale",reason="alert"} 1'],
      ['{service="web",decision="hold",reason="cooldown"} 1'],
      ['{service="web",decision="hold",reason="cooldown"} 1'],
      ['{service="web",decision="reject",reason="invalid_policy"} 1'],
    ])
  })

  it("is its own, which another one's change leaves alone", async () => {
    const { loop, series } = anObserver()
    loop.checked(aService(), held)
    loop.checked(aService({ name: 'api' }), held)
    loop.checked(aService(), due)
    expect(await series('service_status_info')).toEqual([
      '{service="api",decision="hold",reason="cooldown"} 1',
      '{service="web",decision="scale",reason="alert"} 1',
    ])
  })

  it('is not told of one that has not opted in', async () => {
    const { loop, series } = anObserver()
    const service = { ...aService(), policy: { kind: 'not_enabled' } } as const
    loop.checked(service, { kind: 'reject', reason: 'not_enabled' })
    expect(await series('service_status_info')).toEqual([])
  })
})

describe('a service that is seen', () => {
  const zeros = [
    ['decisions_total', 'decision="scale",reason="alert"'],
    ['scalings_total', 'direction="up",outcome="applied"'],
    ['scalings_total', 'direction="down",outcome="failed"'],
  ]
  it.each(zeros)(
    'has its changes in %s from 0 on, so that the first is an increase',
    async (name, labels) => {
      const { loop, series } = anObserver()
      loop.read(aService(), noon)
      expect(await series(name)).toContain(`{service="web",${labels}} 0`)
    },
  )

  it('keeps what was counted when it is seen again', async () => {
    const { loop, series } = anObserver()
    loop.read(aService(), noon)
    loop.applied(aService(), restored, noon)
    loop.read(aService(), noon)
    expect(await series('scalings_total')).toContain('{service="web",direction="up",outcome="applied"} 1')
    expect(await series('redeploys_restored_total')).toEqual(['{service="web"} 1'])
  })

  it('has none before it has opted in', async () => {
    const { loop, series } = anObserver()
    loop.read({ ...aService(), policy: { kind: 'not_enabled' } }, noon)
    expect(await series('scalings_total')).toEqual([])
  })
})

describe('a service that the allowlist leaves out', () => {
  const excluded: Service = { ...aService(), policy: { kind: 'not_enabled', isExcluded: true } }
  const words = 'service opted in, but AUTOSCALER_ONLY leaves it out; not scaled'

  it('is told of once, and has no series', async () => {
    const { loop, lines, series } = anObserver()
    for (let look = 0; look < 3; look++) {
      loop.read(excluded, noon)
      loop.checked(excluded, { kind: 'reject', reason: 'not_enabled' })
    }
    expect(lines).toMatchObject([{ level: 'info', service: 'web', msg: words }])
    for (const name of ['scalings_total', 'service_desired_replicas', 'service_status_info']) {
      expect(await series(name), name).toEqual([])
    }
  })

  it('is told of again when it comes again', () => {
    const { loop, lines } = anObserver()
    loop.read(excluded, noon)
    loop.forgotten('web')
    loop.read(excluded, noon)
    expect(lines.map(({ msg }) => msg)).toEqual([words, words])
  })
})

describe('a service that is gone', () => {
  it('takes all of its series along, and leaves those of the others', async () => {
    const { loop, series } = anObserver()
    const service = withTasks({ pending: 1, failing: 1, pendingReason: noNode })
    const other = { ...service, name: 'api' }
    for (const one of [service, other]) {
      loop.read(one, noon)
      loop.checked(one, toSix)
      loop.crashLooped(one, toSix)
      loop.applied(one, restored, noon)
    }
    loop.forgotten('web')
    await settle()
    for (const name of [
      'service_pending_replicas',
      'service_pending_info',
      'service_failing_replicas',
      'service_status_info',
      'crash_loops_total',
      'redeploys_restored_total',
    ]) {
      expect(await series(name), name).toEqual([expect.stringContaining('service="api"')])
    }
  })

  it('or has opted out takes its series along as well, and counts from 0 when it opts in again', async () => {
    const { loop, series } = anObserver()
    loop.read(aService(), noon)
    loop.applied(aService(), toSix, noon)
    loop.read({ ...aService(), policy: { kind: 'not_enabled' } }, noon + 15_000)
    await settle()
    for (const name of ['scalings_total', 'service_desired_replicas', 'replica_seconds_total']) {
      expect(await series(name), name).toEqual([])
    }
    loop.read(aService(), noon + 30_000)
    expect(await series('scalings_total')).toContain('{service="web",direction="up",outcome="applied"} 0')
    expect(await series('replica_seconds_total')).toEqual(['{service="web"} 0'])
  })

  it('and comes back is shown again', async () => {
    const { loop, series } = anObserver()
    const service = withTasks({ pending: 1, pendingReason: noNode })
    loop.read(service, noon)
    loop.forgotten('web')
    await settle()
    expect(await series('service_pending_info')).toEqual([])
    expect(await series('scalings_total')).toEqual([])
    loop.read(service, noon)
    expect(await series('service_pending_info')).toHaveLength(1)
    expect(await series('scalings_total')).toHaveLength(4)
  })
})

describe('Docker', () => {
  it('is up or not by the last resync, and its conflicts are counted', async () => {
    const { observer, loop, series } = anObserver()
    const shown: string[] = []
    for (const error of [undefined, new SwarmError('unreachable', 'nobody there'), undefined]) {
      loop.resynced(error)
      shown.push(...(await series('docker_up')))
    }
    expect(shown).toEqual([' 1', ' 0', ' 1'])
    for (const service of ['web', 'api']) observer.subscriber({ kind: 'conflicted', service })
    expect(await series('docker_conflicts_total')).toEqual([' 2'])
  })
})

describe("Docker's events", () => {
  const denied = new SwarmError('denied', 'forbidden by rule')

  it('are shown as received or not', async () => {
    const { loop, series } = anObserver()
    const shown: string[] = []
    for (const error of [denied, undefined, undefined, denied]) {
      loop.watched(error)
      shown.push(...(await series('docker_events_up')))
    }
    expect(shown).toEqual([' 0', ' 1', ' 1', ' 0'])
  })

  it('are not up before anything was received', async () => {
    expect(await anObserver().series('docker_events_up')).toEqual([' 0'])
  })

  it('are told once per change, with what to do where they are refused', () => {
    const { loop, lines } = anObserver()
    for (const error of [undefined, undefined, denied, denied, undefined]) loop.watched(error)
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'Docker event stream connected'],
      ['warn', expect.stringContaining('let the socket proxy allow GET /events')],
      ['info', 'Docker event stream connected'],
    ])
    expect(lines[1]).toMatchObject({ code: 'denied', error: 'forbidden by rule' })
  })

  it('that a Docker which cannot be reached does not tell are not said to be refused', () => {
    const { loop, lines } = anObserver()
    loop.watched(new SwarmError('unreachable', 'getaddrinfo ENOTFOUND socket-proxy'))
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'Docker event stream disconnected; falling back to the resync'],
    ])
  })

  it('that are refused from the start are told', () => {
    const { loop, lines } = anObserver()
    loop.watched(denied)
    expect(lines).toHaveLength(1)
  })
})
