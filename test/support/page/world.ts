import type { Policy } from '../../../src/domain/policy.ts'
import type { Service } from '../../../src/domain/service.ts'
import { type AlertOptions, anAlert } from '../fakes/alertmanager-message.ts'
import { aPolicy, aService, aWindow } from '../fakes/builders.ts'

/** A made-up service: as Swarm has it, how it was loaded over the days, and the alerts that stand for it. */
export interface MadeUp {
  readonly service: Service
  /** Replicas at the quietest and at the busiest hour. */
  readonly load: readonly [number, number]
  readonly alerts: readonly AlertOptions[]
}

interface Sketch {
  readonly replicas: number
  readonly running?: number
  readonly load?: readonly [number, number]
  readonly policy?: Partial<Policy>
  readonly service?: Partial<Omit<Service, 'policy'>>
  readonly reading?: Service['policy']
  readonly alerts?: readonly AlertOptions[]
}

const minutes = 60_000
const hours = 60 * minutes

/** Services in every state that the page shows, at `nowMs`. */
export function madeUpServices(nowMs: number): readonly MadeUp[] {
  const ago = (ms: number) => new Date(nowMs - ms).toISOString()
  const up = (replicas: number, sinceMs: number): AlertOptions => ({
    scale: 'up',
    replicas: String(replicas),
    startsAt: ago(sinceMs),
  })
  const down = (replicas: number, sinceMs: number): AlertOptions => ({
    ...up(replicas, sinceMs),
    scale: 'down',
  })
  const utcHour = new Date(nowMs).getUTCHours()
  const sketches: Readonly<Record<string, Sketch>> = {
    auth_tokens: { replicas: 3, load: [2, 5], policy: { costPerHour: 0.03 } },
    billing_worker: {
      replicas: 2,
      load: [1, 4],
      reading: {
        kind: 'invalid',
        faults: [
          { key: 'autoscaler.max', value: 'twelve', message: 'must be a whole number >= 1' },
          {
            key: 'autoscaler.up.cooldwn',
            value: '30s',
            message: 'is not a label; did you mean autoscaler.up.cooldown?',
          },
        ],
      },
    },
    edge_proxy: { replicas: 0, service: { mode: 'global' } },
    legacy_sync: { replicas: 0, load: [1, 3] },
    mail_sender: {
      replicas: 4,
      running: 3,
      load: [1, 4],
      service: {
        tasks: {
          running: 3,
          starting: 0,
          pending: 0,
          failing: 1,
          failingReason: 'task: non-zero exit (137): out of memory',
        },
      },
      alerts: [{ scale: 'up', step: '1', startsAt: ago(9 * minutes) }],
    },
    media_encoder: {
      replicas: 14,
      running: 11,
      load: [2, 14],
      policy: { max: 24, targets: { queue: 5 }, costPerHour: 0.42 },
      service: {
        tasks: {
          running: 11,
          starting: 0,
          pending: 3,
          failing: 0,
          pendingReason: 'no suitable node (insufficient resources on 6 nodes)',
        },
      },
      alerts: [up(19, 4 * minutes)],
    },
    media_thumbs: {
      replicas: 6,
      load: [3, 9],
      policy: { costPerHour: 0.05, pause: { directions: ['down'], untilMs: nowMs + 3.4 * hours } },
      alerts: [down(3, 40 * minutes)],
    },
    ml_inference: {
      replicas: 4,
      load: [4, 4],
      policy: { isDryRun: true, max: 16, targets: { latency: 0.25, cpu: 0.7 }, costPerHour: 1.9 },
      alerts: [up(7, 3 * minutes)],
    },
    reports_batch: {
      replicas: 6,
      load: [1, 6],
      policy: {
        costPerHour: 0.11,
        schedules: [
          aWindow({
            name: 'month-end',
            start: `0 ${utcHour} * * *`,
            end: { kind: 'duration', durationMs: 3 * hours },
            timezone: 'UTC',
            min: 6,
          }),
          aWindow({ name: 'night', start: '0 22 * * *', timezone: 'Europe/Berlin', min: 1, max: 2 }),
        ],
      },
    },
    search_api: {
      replicas: 11,
      load: [4, 15],
      policy: { min: 4, max: 20, targets: { requests: 120, latency: 0.4 }, costPerHour: 0.12 },
      service: { state: { lastUpMs: nowMs - 200 * minutes, lastDownMs: nowMs - 21_000, replicas: 11 } },
      alerts: [down(8, 30 * minutes)],
    },
    shop_api: {
      replicas: 12,
      running: 9,
      load: [3, 12],
      policy: { min: 3, max: 24, targets: { requests: 80, cpu: 0.65 }, costPerHour: 0.08 },
      service: {
        state: { lastUpMs: nowMs - 3_000, lastDownMs: nowMs - 90 * minutes, replicas: 12 },
        tasks: { running: 9, starting: 3, pending: 0, failing: 0 },
      },
      alerts: [up(12, 12_000)],
    },
    shop_checkout: {
      replicas: 8,
      load: [2, 8],
      policy: { min: 2, max: 8, targets: { requests: 40, errors: 0.02 }, costPerHour: 0.08 },
      service: { state: { lastUpMs: nowMs - 26 * minutes, replicas: 8 } },
      alerts: [up(13, 26 * minutes), { scale: 'up', step: '2', startsAt: ago(11 * minutes) }],
    },
    shop_web: {
      replicas: 9,
      load: [2, 16],
      policy: { min: 2, max: 20, targets: { requests: 50 }, costPerHour: 0.04 },
      service: { rollout: 'updating', state: { lastUpMs: nowMs - 48 * minutes, replicas: 9 } },
      alerts: [up(12, 70_000)],
    },
    warehouse_sync: { replicas: 2, load: [2, 6], policy: { costPerHour: 0.02 } },
  }
  return Object.entries(sketches).map(([name, sketch]) => madeUp(name, sketch))
}

function madeUp(name: string, sketch: Sketch): MadeUp {
  const { replicas, running = replicas, load = [replicas, replicas], policy, reading, alerts = [] } = sketch
  const made = aService({
    id: `${name.replaceAll('_', '')}0x2f61vk3c9qw8e7r5t6y`.slice(0, 25),
    name,
    desiredReplicas: replicas,
    runningReplicas: running,
    tasks: { running, starting: 0, pending: 0, failing: 0 },
    policy: aPolicy(policy),
    memoryLimitBytes: 512 * 2 ** 20,
    ...sketch.service,
  })
  const service = reading === undefined ? made : { ...made, policy: reading }
  return {
    service,
    load,
    alerts: alerts.map((alert, index) => ({ service: name, fingerprint: `${name}${index}`, ...alert })),
  }
}

/** The alerts of a service as Alertmanager would send them, with a summary that fits. */
export function alertsOf({ service: { name }, alerts }: MadeUp): readonly object[] {
  return alerts.map((options) => {
    const alert = anAlert(options) as { labels: object; annotations: object }
    const { scale, step, replicas } = options
    const alertname =
      step !== undefined
        ? 'SwarmServiceErrorsHigh'
        : scale === 'up'
          ? 'SwarmServiceNeedsMoreReplicas'
          : 'SwarmServiceNeedsFewerReplicas'
    const summary =
      step !== undefined
        ? `${name} answers 4.1 % of its requests with 5xx.`
        : `${name} needs ${replicas} replicas for its requests.`
    return {
      ...alert,
      labels: { ...alert.labels, alertname },
      annotations: { ...alert.annotations, summary },
    }
  })
}
