import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import { settle } from '../../test/support/fakes/fake-clock.ts'
import type { Decision } from '../domain/decision.ts'
import type { Forecast } from '../domain/forecast.ts'
import type { Service, Tasks } from '../domain/service.ts'
import type { Hold, Scaling } from '../reconcile/ports.ts'
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
  return { observer, lines, series }
}

const withTasks = (over: Partial<Tasks>): Service =>
  aService({ tasks: { running: 4, starting: 0, pending: 0, failing: 0, ...over } })

describe('a change whose tasks all run', () => {
  it('is counted with the seconds that it took, and has a line', async () => {
    const { observer, lines, series } = anObserver()
    observer.converged(aService({ desiredReplicas: 6 }), toSix, 2_500)
    observer.converged(aService({ desiredReplicas: 6 }), toSix, 2_750)
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
    const { observer, lines, series } = anObserver()
    const service = withTasks({ running: 2, failing: 2, failingReason: 'task: non-zero exit (1)' })
    observer.crashLooped(service, toSix)
    observer.crashLooped(service, toSix)
    observer.crashLooped({ ...service, name: 'api' }, toSix)
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
    const { observer, series } = anObserver()
    const shown = () => series('service_forecast_look_ahead_seconds')
    observer.seen(withForecast(daily), noon)
    expect(await shown()).toEqual(['{service="web",period="daily",mode="act"} 600'])
    observer.seen(withForecast({ period: 'weekly', lookAheadMs: 3_600_000, isForecastOnly: true }), noon)
    expect(await shown()).toEqual(['{service="web",period="weekly",mode="forecast-only"} 3600'])
    observer.seen(withForecast(), noon)
    expect(await shown()).toEqual([])
  })

  it('is shown no more of a service that is gone, or whose policy is wrong', async () => {
    const { observer, series } = anObserver()
    const shown = () => series('service_forecast_look_ahead_seconds')
    const faults = [{ key: 'autoscaler.max', message: 'is missing' }] as const
    observer.seen(withForecast(daily), noon)
    observer.seen({ ...withForecast(daily), policy: { kind: 'invalid', faults } }, noon)
    expect(await shown()).toEqual([])
    observer.seen(withForecast(daily), noon)
    observer.onlyLeft([])
    await settle()
    expect(await shown()).toEqual([])
  })
})

describe('a redeploy that was restored', () => {
  it('is counted by service, and other changes are not', async () => {
    const { observer, lines, series } = anObserver()
    observer.applied(aService({ desiredReplicas: 6 }), restored, noon)
    observer.applied(aService({ desiredReplicas: 6 }), toSix, noon)
    observer.applied(aService({ desiredReplicas: 6 }), { ...toSix, reason: 'below_min' }, noon)
    expect(await series('redeploys_restored_total')).toEqual(['{service="web"} 1'])
    expect(await series('scalings_total')).toEqual(['{service="web",direction="up",outcome="applied"} 3'])
    expect(lines[0]).toMatchObject({ msg: 'scaled', reason: 'redeploy_restored', from: 1, to: 6 })
  })
})

describe('the tasks of a service', () => {
  it('are shown, pending and failing ones each by number, with the reason for pending ones', async () => {
    const { observer, series } = anObserver()
    observer.seen(withTasks({ running: 1, pending: 2, failing: 1, pendingReason: noNode }), noon)
    expect(await series('service_pending_replicas')).toEqual(['{service="web"} 2'])
    expect(await series('service_pending_info')).toEqual([`{service="web",reason="${noNode}"} 1`])
    expect(await series('service_failing_replicas')).toEqual(['{service="web"} 1'])
  })

  it.each([
    ['all of them run', withTasks({})],
    ['they were not read, since all of them run', aService()],
  ])('are none pending or failing where %s, and the reason is gone', async (_, service) => {
    const { observer, series } = anObserver()
    observer.seen(withTasks({ pending: 2, failing: 1, pendingReason: noNode }), noon)
    observer.seen(service, noon)
    expect(await series('service_pending_replicas')).toEqual(['{service="web"} 0'])
    expect(await series('service_pending_info')).toEqual([])
    expect(await series('service_failing_replicas')).toEqual(['{service="web"} 0'])
  })

  it('have one reason for being pending, the present one', async () => {
    const { observer, series } = anObserver()
    observer.seen(withTasks({ pending: 2, pendingReason: noNode }), noon)
    observer.seen(withTasks({ pending: 1, pendingReason: 'no suitable node (1 node not available)' }), noon)
    expect(await series('service_pending_info')).toEqual([
      '{service="web",reason="no suitable node (1 node not available)"} 1',
    ])
  })

  it("have the reason of their own service, which another one's end leaves alone", async () => {
    const { observer, series } = anObserver()
    const pending = withTasks({ pending: 1, pendingReason: noNode })
    for (const service of [pending, { ...pending, name: 'api' }, withTasks({})]) observer.seen(service, noon)
    expect(await series('service_pending_info')).toEqual([`{service="api",reason="${noNode}"} 1`])
  })
})

describe('how a service stands', () => {
  const due: Decision = { kind: 'scale', from: 4, to: 6, reason: 'alert' }
  const held: Decision = { kind: 'hold', replicas: 4, reason: 'cooldown' }
  const refused: Decision = { kind: 'reject', reason: 'invalid_policy' }

  it('is one series, of the last look', async () => {
    const { observer, series } = anObserver()
    const shown: string[][] = []
    for (const decision of [due, held, held, refused]) {
      observer.stands(aService(), decision)
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
    const { observer, series } = anObserver()
    observer.stands(aService(), held)
    observer.stands(aService({ name: 'api' }), held)
    observer.stands(aService(), due)
    expect(await series('service_status_info')).toEqual([
      '{service="api",decision="hold",reason="cooldown"} 1',
      '{service="web",decision="scale",reason="alert"} 1',
    ])
  })

  it('is not told of one that has not opted in', async () => {
    const { observer, series } = anObserver()
    const service = { ...aService(), policy: { kind: 'not_enabled' } } as const
    observer.stands(service, { kind: 'reject', reason: 'not_enabled' })
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
      const { observer, series } = anObserver()
      observer.seen(aService(), noon)
      expect(await series(name)).toContain(`{service="web",${labels}} 0`)
    },
  )

  it('keeps what was counted when it is seen again', async () => {
    const { observer, series } = anObserver()
    observer.seen(aService(), noon)
    observer.applied(aService(), restored, noon)
    observer.seen(aService(), noon)
    expect(await series('scalings_total')).toContain('{service="web",direction="up",outcome="applied"} 1')
    expect(await series('redeploys_restored_total')).toEqual(['{service="web"} 1'])
  })

  it('has none before it has opted in', async () => {
    const { observer, series } = anObserver()
    observer.seen({ ...aService(), policy: { kind: 'not_enabled' } }, noon)
    expect(await series('scalings_total')).toEqual([])
  })
})

describe('a service that the allowlist leaves out', () => {
  const leftOut: Service = { ...aService(), policy: { kind: 'not_enabled', isLeftOut: true } }
  const words = 'service opted in, but AUTOSCALER_ONLY leaves it out; left alone'

  it('is told of once, and has no series', async () => {
    const { observer, lines, series } = anObserver()
    for (let look = 0; look < 3; look++) {
      observer.onlyLeft([leftOut])
      observer.seen(leftOut, noon)
      observer.stands(leftOut, { kind: 'reject', reason: 'not_enabled' })
    }
    expect(lines).toMatchObject([{ level: 'info', service: 'web', msg: words }])
    for (const name of ['scalings_total', 'service_desired_replicas', 'service_status_info']) {
      expect(await series(name), name).toEqual([])
    }
  })

  it('is told of again when it comes again', () => {
    const { observer, lines } = anObserver()
    observer.seen(leftOut, noon)
    observer.onlyLeft([])
    observer.seen(leftOut, noon)
    expect(lines.map(({ msg }) => msg)).toEqual([words, words])
  })
})

describe('a service that is gone', () => {
  it('takes all of its series along, and leaves those of the others', async () => {
    const { observer, series } = anObserver()
    const service = withTasks({ pending: 1, failing: 1, pendingReason: noNode })
    const other = { ...service, name: 'api' }
    for (const one of [service, other]) {
      observer.seen(one, noon)
      observer.stands(one, toSix)
      observer.crashLooped(one, toSix)
      observer.applied(one, restored, noon)
    }
    observer.onlyLeft([other])
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

  it('and comes back is shown again', async () => {
    const { observer, series } = anObserver()
    const service = withTasks({ pending: 1, pendingReason: noNode })
    observer.seen(service, noon)
    observer.onlyLeft([])
    await settle()
    expect(await series('service_pending_info')).toEqual([])
    expect(await series('scalings_total')).toEqual([])
    observer.seen(service, noon)
    expect(await series('service_pending_info')).toHaveLength(1)
    expect(await series('scalings_total')).toHaveLength(4)
  })
})

describe("Docker's events", () => {
  const denied = new SwarmError('denied', 'forbidden by rule')

  it('are shown as received or not', async () => {
    const { observer, series } = anObserver()
    const shown: string[] = []
    for (const error of [denied, undefined, undefined, denied]) {
      observer.listening(error)
      shown.push(...(await series('docker_events_up')))
    }
    expect(shown).toEqual([' 0', ' 1', ' 1', ' 0'])
  })

  it('are not up before anything was received', async () => {
    expect(await anObserver().series('docker_events_up')).toEqual([' 0'])
  })

  it('are told once per change, with what to do where they are refused', () => {
    const { observer, lines } = anObserver()
    for (const error of [undefined, undefined, denied, denied, undefined]) observer.listening(error)
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'Docker tells of changes'],
      ['warn', expect.stringContaining('let the socket proxy allow GET /events')],
      ['info', 'Docker tells of changes'],
    ])
    expect(lines[1]).toMatchObject({ code: 'denied', error: 'forbidden by rule' })
  })

  it('that a Docker which cannot be reached does not tell are not said to be refused', () => {
    const { observer, lines } = anObserver()
    observer.listening(new SwarmError('unreachable', 'getaddrinfo ENOTFOUND socket-proxy'))
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'Docker tells of no changes, the resync finds them'],
    ])
  })

  it('that are refused from the start are told', () => {
    const { observer, lines } = anObserver()
    observer.listening(denied)
    expect(lines).toHaveLength(1)
  })
})

describe('an up that is blocked', () => {
  const hold: Hold = { kind: 'hold', replicas: 4, reason: 'rollout', wouldBe: 9, needed: 8.5 }
  const rows: [string, Hold, RegExp][] = [
    ['a rollout', hold, /rollout.*roll it back/],
    ['tasks that are pending or fail', { ...hold, reason: 'tasks_pending' }, /docker service ps/],
  ]
  it.each(rows)('by %s is a warning, with the remedy and since when', (_, blocked, message) => {
    const { observer, lines } = anObserver()
    observer.blocked(aService(), blocked, noon)
    expect(lines).toMatchObject([
      {
        level: 'warn',
        msg: expect.stringMatching(message),
        service: 'web',
        decision: 'hold',
        reason: blocked.reason,
        from: 4,
        wouldBe: 9,
        since: '2026-01-15T12:00:00.000Z',
      },
    ])
  })
})

describe("somebody else's scaling", () => {
  it('has a line with both numbers', () => {
    const { observer, lines } = anObserver()
    observer.changedByOthers(aService({ desiredReplicas: 4 }), 6, 'person')
    expect(lines).toMatchObject([{ level: 'info', service: 'web', from: 6, to: 4, actor: 'person' }])
  })
})

describe('standing alerts', () => {
  it('have a line when they were read, and a warning with the setting when they were not', () => {
    const { observer, lines } = anObserver()
    observer.recalled(3)
    observer.notRecalled(new Error('http://alertmanager:9093 answers 404'))
    expect(lines).toMatchObject([
      { level: 'info', alerts: 3 },
      {
        level: 'warn',
        error: 'http://alertmanager:9093 answers 404',
        msg: expect.stringContaining('AUTOSCALER_ALERTMANAGER_URL'),
      },
    ])
  })
})
