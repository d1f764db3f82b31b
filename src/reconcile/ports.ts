import type { ScalingState, Service } from '../domain/service.ts'
import type { SwarmError } from './swarm-error.ts'

/** A service as it was read, and the way to change exactly what was read. */
export interface Found {
  readonly service: Service
  /**
   * Writes the replicas and the state in one update; everything else in the spec stays as it was read.
   * Throws `SwarmError`: `conflict` if the service has changed since it was read, and nothing was written.
   */
  readonly scale: (replicas: number, state: ScalingState) => Promise<void>
  /**
   * The same for replicas that a redeploy has reset. If the rollout of that redeploy is under way, it begins anew at this
   * size, and can still be rolled back to what was there before.
   */
  readonly restore: (replicas: number, state: ScalingState) => Promise<void>
}

/** Receives what happens to services. Never throws. */
export interface SwarmListener {
  /** From now on changes are reported. What happened before may have been missed. */
  readonly connected: () => void
  /** The service of this ID was made, changed or removed. */
  readonly changed: (id: string) => void
  /** Nothing is reported until `connected` is called again. */
  readonly lost: (error: SwarmError) => void
}

/** The Swarm that is scaled. Every call ends within a bounded time, and fails with a `SwarmError` only. */
export interface Swarm {
  /** The service of exactly this name, else of exactly this ID. Absent if there is none. */
  readonly find: (nameOrId: string) => Promise<Found | undefined>
  /** The service of exactly this ID. Absent if there is none. */
  readonly findById: (id: string) => Promise<Found | undefined>
  /** The services whose own labels, or the policy file, have an `enable`, whatever its value. */
  readonly list: () => Promise<readonly Found[]>
  /** The names and IDs of all services, with and without autoscaler labels. */
  readonly references: () => Promise<ReadonlySet<string>>
  /** Reports changes until the answer is called. */
  readonly watch: (listener: SwarmListener) => () => void
}

/** Time, as the loop needs it. */
export interface Clock {
  /** Now, in ms since the epoch. */
  readonly nowMs: () => number
  /** Calls back once after `delayMs`; the answer cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void
}
