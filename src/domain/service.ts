import type { PolicyReading } from './policy.ts'

/** The mode of a Swarm service. Only `replicated` ones have a number of replicas that can be changed. */
export type ServiceMode = 'replicated' | 'global' | 'replicated-job' | 'global-job' | 'unknown'

/** What the autoscaler remembers of a service, in the service's own labels, so that it survives any restart. */
export interface ScalingState {
  /** When it last scaled the service up, in ms since the epoch. Absent: never. */
  readonly lastUpMs?: number
  /** When it last scaled the service down, in ms since the epoch. Absent: never. */
  readonly lastDownMs?: number
}

/** Swarm's own word for a rollout or rollback: https://docs.docker.com/reference/api/engine/ (`UpdateStatus.State`). */
export const rolloutStates = [
  'updating',
  'paused',
  'completed',
  'rollback_started',
  'rollback_paused',
  'rollback_completed',
] as const
export type RolloutState = (typeof rolloutStates)[number]

/** One service as Swarm had it at one moment. */
export interface Service {
  readonly id: string
  readonly name: string
  readonly mode: ServiceMode
  /** Replicas in the spec. 0 for modes that have no such number. */
  readonly desiredReplicas: number
  /** Tasks seen running, draining and old ones among them. Absent where the engine did not tell. */
  readonly runningReplicas?: number
  readonly policy: PolicyReading
  readonly state: ScalingState
  /** Absent after a plain scale and on a service never updated. */
  readonly rollout?: RolloutState
  /** Cores that one replica may use, > 0: its limit, else its reservation, else 1. */
  readonly cpuLimitCores: number
  /** Bytes of memory that one replica may use: its limit, else its reservation. Absent with neither. */
  readonly memoryLimitBytes?: number
}
