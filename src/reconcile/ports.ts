import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import type { SwarmError } from './swarm-error.ts'

/** A service as it was read, and the way to change that very reading. */
export interface Found {
  readonly service: Service
  /**
   * Writes the replicas and the state in one update, all else in the spec as it was read.
   * Throws `SwarmError`: `conflict` where the service has changed since it was read, and nothing was written.
   */
  readonly scale: (replicas: number, state: ScalingState) => Promise<void>
  /**
   * The same for replicas that a redeploy has reset. Where the rollout of that redeploy is under way, it begins anew at this
   * size, and can still be rolled back to what was there before.
   */
  readonly restore: (replicas: number, state: ScalingState) => Promise<void>
}

/** Is told what happens to services, in no more words than it takes to look at them. Never throws. */
export interface SwarmListener {
  /** From here on changes are told. What happened before may have been missed. */
  readonly connected: () => void
  /** The service of this ID was made, changed or removed. */
  readonly changed: (id: string) => void
  /** Nothing is told until `connected` is called again. */
  readonly lost: (error: SwarmError) => void
}

/** The Swarm that is scaled. Every call ends within a bounded time, and fails with a `SwarmError` only. */
export interface Swarm {
  /** The service of exactly this name, else of exactly this ID. Absent where there is none. */
  readonly find: (nameOrId: string) => Promise<Found | undefined>
  /** The services of which their own labels or the policy file say `enable`, whatever the value. */
  readonly list: () => Promise<readonly Service[]>
  /** The names and IDs of all services that there are, whatever they say of the autoscaler. */
  readonly references: () => Promise<ReadonlySet<string>>
  /** Tells of changes until the answer is called. */
  readonly watch: (listener: SwarmListener) => () => void
}

/** Time, as the loop needs it. */
export interface Clock {
  /** Now, in ms since the epoch. */
  readonly nowMs: () => number
  /** Calls back once after `delayMs`; the answer calls it off. */
  readonly after: (delayMs: number, callback: () => void) => () => void
}

export type Scaling = Extract<Decision, { kind: 'scale' }>
/** A change that is due, the service that it is for, and the alerts that stood when it was decided. */
export interface DueScaling {
  readonly service: Service
  readonly scaling: Scaling
  readonly alerts: readonly ActiveAlert[]
}
export type Hold = Extract<Decision, { kind: 'hold' }>

/** Is told what happens, in the words of the loop. Never throws. */
export interface Observer {
  /** A service as Swarm had it at `atMs`. */
  readonly seen: (service: Service, atMs: number) => void
  /** The only services left that speak of the autoscaler: all others are gone. */
  readonly onlyLeft: (services: readonly Service[]) => void
  /** `service` is absent where none was found: callers cannot create names. */
  readonly decided: (service: Service | undefined, decision: Decision) => void
  /** More alerts stand for a service than are kept: so many, the oldest, were dropped. */
  readonly dropped: (serviceName: string, alerts: number) => void
  /** How a service stands after each look at it, with the alerts that stand for it: what is due next, and what holds it. */
  readonly stands: (
    service: Service,
    decision: Decision,
    alerts: readonly ActiveAlert[],
    atMs: number,
  ) => void
  /** `alerts` are those that stood when it was decided. */
  readonly applied: (service: Service, scaling: Scaling, atMs: number, alerts: readonly ActiveAlert[]) => void
  /** All tasks run, so long after the change was applied. */
  readonly converged: (service: Service, scaling: Scaling, durationMs: number) => void
  /** The tasks of the service fail again and again after this change. Told once for each change. */
  readonly crashLooped: (service: Service, scaling: Scaling) => void
  /** Somebody else has changed the replicas. What a redeploy has reset is undone where the policy says so. */
  readonly changedByOthers: (service: Service, from: number, by: 'person' | 'redeploy') => void
  /** An up that is due has been held since this time, in ms since the epoch: too long. Told once for each such hold. */
  readonly blocked: (service: Service, hold: Hold, sinceMs: number) => void
  /** `due` is the change that could not be made. Absent: the service could not be read. */
  readonly failed: (serviceName: string, error: SwarmError, due?: DueScaling) => void
  readonly conflicted: (serviceName: string) => void
  /** The services could be read again, or not. */
  readonly resynced: (error?: SwarmError) => void
  /** Changes of services are told as they happen, or not. */
  readonly listening: (error?: SwarmError) => void
}
