import type { HistoryEvent } from '../../../src/domain/event.ts'
import type { ReplicaCount, Watch } from '../../../src/domain/replica-count.ts'
import { startOf } from '../../../src/history/event-ids.ts'
import type { Entry } from '../../../src/history/store.ts'
import { noon } from '../fakes/builders.ts'

/** The id of the first event of a receiver at that time. */
export function idAt(atMs: number, receiver = '00000001'): string {
  return `${startOf(atMs)}0000-${receiver}`
}

/** An event of `web`, held at its maximum, with all that an event needs and no more. */
export function anEvent(atMs = noon, over: Partial<HistoryEvent> = {}): HistoryEvent {
  const { id = idAt(atMs) } = over
  const needed = { service: 'web', kind: 'held', actor: 'autoscaler', alerts: [] } as const
  return { id, atMs, autoscalerVersion: '1.2.3', ...needed, ...over }
}

/** An event with every field that one can have. */
export const fullEvent: HistoryEvent = {
  id: `${startOf(noon)}0007-89abcdef`,
  atMs: noon,
  service: 'shop_web',
  kind: 'failed',
  reason: 'alert',
  from: 4,
  to: 6,
  needed: 7.123456789012345,
  limitedBy: 'max_step',
  actor: 'autoscaler',
  alerts: [
    {
      name: 'SwarmServiceNeedsMoreReplicas',
      fingerprint: '0123456789abcdef',
      scale: 'up',
      startsAtMs: noon - 2_345,
      summary: 'shop_web needs 7.1 replicas for its "requests"; naïve, 数 and 🙂.',
      value: '7.123456789012345',
    },
    { name: 'Broken', fingerprint: 'fedcba9876543210' },
  ],
  untilMs: noon + 60_000,
  serviceVersion: 4_503_599_627_370_497,
  autoscalerVersion: '1.2.3-rc.1+build',
  reactionMs: 2_345.678,
  convergedMs: 1_234.5,
  times: 3,
  lastAtMs: noon + 15_000,
  error: { code: 'denied', message: "the proxy says: 'no'\n\tHTTP 403" },
}

export function aCount(atMs = noon, desired = 4, over: Partial<ReplicaCount> = {}): ReplicaCount {
  return { service: 'web', atMs, desired, ...over }
}

export function aWatch(fromMs = noon, untilMs = noon + 15_000, receiver = '00000001'): Watch {
  return { receiver, fromMs, untilMs }
}

export const eventEntry = (event: HistoryEvent): Entry => ({ kind: 'event', event })
export const countEntry = (count: ReplicaCount): Entry => ({ kind: 'count', count })
export const watchEntry = (watch: Watch): Entry => ({ kind: 'watch', watch })
