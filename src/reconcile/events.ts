import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Schedule } from '../domain/schedule.ts'
import type { Service } from '../domain/service.ts'
import type { ServiceStatus } from './status.ts'
import type { SwarmError } from './swarm-error.ts'

export type Scaling = Extract<Decision, { kind: 'scale' }>
export type Hold = Extract<Decision, { kind: 'hold' }>

/** A change that is due, the service that it is for, and the alerts that were active when it was decided. */
export interface DueScaling {
  readonly service: Service
  readonly scaling: Scaling
  readonly alerts: readonly ActiveAlert[]
}

/**
 * What is new about a status, beside the one before it.
 * - `none`: kind and reason are the same, and so is the change that is held, if one is. Also: a change is about to be made.
 * - `idle`: nobody has asked for anything since the start.
 * - `reason`: another kind or reason.
 * - `held_change`: the same reason, but it holds another change, or the first one since a change was applied.
 */
export type StatusChange = 'none' | 'idle' | 'reason' | 'held_change'

/**
 * Everything that the loop reports, to whoever subscribes. Times are in ms since the epoch, durations in ms.
 *
 * What is new and what goes on is worked out here once: see `reported.ts`.
 */
export type LoopEvent =
  /** A service as Swarm had it at `atMs`. */
  | { readonly kind: 'read'; readonly service: Service; readonly atMs: number }
  /** The mode or the policy of a service is another than at the last reading, or was read for the first time. */
  | { readonly kind: 'policy_changed'; readonly service: Service }
  /** A schedule window has opened or closed since the last reading. `nextChangeMs` is absent if it never changes again. */
  | {
      readonly kind: 'window_changed'
      readonly service: Service
      readonly schedule: Schedule
      readonly isOpen: boolean
      readonly nextChangeMs?: number
    }
  /** The service is gone, or has no autoscaler labels any more: nothing is known of it from now on. */
  | { readonly kind: 'forgotten'; readonly service: string; readonly atMs: number }
  /** `service` is absent if there is none of the name that was asked for: callers cannot create names. */
  | { readonly kind: 'decided'; readonly service?: Service; readonly decision: Decision }
  /** The status of a service after each check. */
  | { readonly kind: 'checked'; readonly status: ServiceStatus; readonly change: StatusChange }
  /** More alerts are active for a service than are kept: the oldest `alerts` were dropped. `isFirst`: for the first time. */
  | {
      readonly kind: 'alerts_dropped'
      readonly service: string
      readonly alerts: number
      readonly isFirst: boolean
    }
  /** `alerts` are those that were active when it was decided. */
  | ({ readonly kind: 'applied'; readonly atMs: number } & DueScaling)
  /** All tasks run, `durationMs` after the change was applied. */
  | {
      readonly kind: 'converged'
      readonly service: Service
      readonly scaling: Scaling
      readonly durationMs: number
    }
  /** The tasks of the service fail again and again after this change. Once for each change. */
  | { readonly kind: 'crash_looped'; readonly service: Service; readonly scaling: Scaling }
  /** Somebody else, or a redeploy, has changed the replicas. A redeploy is undone if the policy says so. */
  | {
      readonly kind: 'external_change'
      readonly service: Service
      readonly from: number
      readonly by: 'person' | 'redeploy'
    }
  /** An up that is due has been held since `sinceMs`: too long. Once for each such hold. */
  | { readonly kind: 'blocked'; readonly service: Service; readonly hold: Hold; readonly sinceMs: number }
  /** A change could not be made, for the `times`-th time in a row. */
  | {
      readonly kind: 'failed'
      readonly due: DueScaling
      readonly error: SwarmError
      readonly times: number
      readonly atMs: number
    }
  /** A service could not be read. */
  | { readonly kind: 'unread'; readonly service: string; readonly error: SwarmError }
  /** An update was refused because somebody else was quicker. */
  | { readonly kind: 'conflicted'; readonly service: string }
  /** All services could be listed, or not. `isNew`: that has changed, or is another error. */
  | {
      readonly kind: 'resynced'
      readonly error?: SwarmError
      readonly isNew: boolean
      readonly atMs: number
    }
  /** Swarm reports changes of services as they happen, or no longer. `isNew`: that has changed, or is another error. */
  | { readonly kind: 'watched'; readonly error?: SwarmError; readonly isNew: boolean }

/** Receives every event, in order. Never throws. */
export type Subscriber = (event: LoopEvent) => void
