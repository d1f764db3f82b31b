import type { ActiveAlert, Demand } from './active-alert.ts'
import type { Scale } from './direction.ts'
import type { HoldReason, Limit, RejectReason, ScaleReason } from './reason.ts'

/**
 * What an event of the history is about.
 * - `scaled`: the autoscaler changed the replicas. `failed`: it tried to, and could not. `dry_run`: it would have.
 * - `held`: why the replicas stay as they are became another reason.
 * - `rejected`: an alert, or the policy of a service, was refused.
 * - `changed`: an external change of the replicas, not made by the autoscaler.
 */
export const eventKinds = ['scaled', 'failed', 'dry_run', 'held', 'rejected', 'changed'] as const
export type EventKind = (typeof eventKinds)[number]

/** Who changed the replicas: the autoscaler, a person or another program (`person`), or `docker stack deploy` (`redeploy`). */
export const actors = ['autoscaler', 'person', 'redeploy'] as const
type Actor = (typeof actors)[number]

/** An alert at the time of an event. */
export interface EventAlert {
  readonly name: string
  readonly fingerprint: string
  /** Absent if the alert says nothing valid. */
  readonly scale?: Scale
  /** When it began to fire, in ms since the epoch. Absent if it is not valid. */
  readonly startsAtMs?: number
  readonly summary?: string
  /** What it asked for: replicas (`7.5`) or a step (`+2`, `-50%`). Absent for the policy's own step, and if it is not valid. */
  readonly value?: string
}

/** One event of the history. */
export interface HistoryEvent {
  /** Grows with time: the later of two events has the greater text. Unique over all receivers. */
  readonly id: string
  /** When it happened, or was noticed, in ms since the epoch. */
  readonly atMs: number
  /** Name of the service; of a rejected alert, what it names, however wrong. */
  readonly service: string
  readonly kind: EventKind
  /** Absent if an external change of the replicas, not made by the autoscaler. */
  readonly reason?: ScaleReason | HoldReason | RejectReason
  /** Replicas before. Absent for rejected alerts. */
  readonly from?: number
  /** Replicas after: as they are, would have been, or (`held`) stay. Absent for rejected alerts. */
  readonly to?: number
  /** What the alert asked for before any limit. Absent for corrections. */
  readonly needed?: number
  readonly limitedBy?: Limit
  readonly actor: Actor
  /** The active alerts, at most `mostAlerts`; the one that decided comes first. */
  readonly alerts: readonly EventAlert[]
  /** When the hold can end by time alone, in ms since the epoch. */
  readonly untilMs?: number
  /** Version of the service in Swarm that the event is about. Absent if it is not known. */
  readonly serviceVersion?: number
  /** Version of the autoscaler that wrote the event. */
  readonly autoscalerVersion: string
  /** From the start of the alert that decided to the applied change, in ms. */
  readonly reactionMs?: number
  /** From the applied change to the moment at which all tasks ran, in ms. Absent until then. */
  readonly convergedMs?: number
  /** How often this happened in a row, the last time at `lastAtMs`. Absent: once. */
  readonly times?: number
  readonly lastAtMs?: number
  readonly error?: EventError
}

/** What went wrong, or what is wrong with the alert or the policy. */
interface EventError {
  readonly code: string
  readonly message: string
}

/** Which events to read, the newest first. Times are in ms since the epoch: `sinceMs` is included, `untilMs` is not. */
export interface EventQuery {
  readonly service?: string
  readonly kinds?: readonly EventKind[]
  readonly sinceMs?: number
  readonly untilMs?: number
  /** Only events before the event of this ID. */
  readonly beforeId?: string
  /** Only the next `limit` events after the event of this ID, still the newest first. */
  readonly afterId?: string
  /** Most events to return, from 1 to 1,000. */
  readonly limit: number
}

/** An alert that was refused: it is invalid, or its service may not be scaled. */
export interface RefusedAlert {
  /** The service that the alert names, even if there is none. */
  readonly service: string
  readonly reason: RejectReason
  readonly alert: EventAlert
  /** What is wrong with the alert itself. Absent: the alert is valid. */
  readonly problem?: string
}

/** Most alerts that an event names. */
export const mostAlerts = 20

/** An alert as an event names it. */
export function alertOf({
  alertName: name,
  fingerprint,
  scale,
  startsAtMs,
  summary,
  demand,
}: ActiveAlert): EventAlert {
  const value = askOf(demand, scale)
  return {
    name,
    fingerprint,
    scale,
    startsAtMs,
    ...(summary === undefined ? {} : { summary }),
    ...(value === undefined ? {} : { value }),
  }
}

function askOf(demand: Demand, scale: Scale): string | undefined {
  if (demand.kind === 'replicas') return String(demand.replicas)
  if (demand.kind === 'policy-step') return undefined
  return `${scale === 'down' ? '-' : '+'}${demand.step.value}${demand.step.unit === 'percent' ? '%' : ''}`
}
