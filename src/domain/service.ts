import type { ParsedPolicy } from './policy.ts'

/** The mode of a Swarm service. Only `replicated` ones have a number of replicas that can be changed. */
export const serviceModes = ['replicated', 'global', 'replicated-job', 'global-job', 'unknown'] as const
export type ServiceMode = (typeof serviceModes)[number]

/** What the autoscaler remembers of a service, in the service's own labels, so that it survives any restart. */
export interface ScalingState {
  /** When it last scaled the service up, in ms since the epoch. Absent: never. */
  readonly lastUpMs?: number
  /** When it last scaled the service down, in ms since the epoch. Absent: never. */
  readonly lastDownMs?: number
  /** The replicas that its last change left. Absent: it never changed them. */
  readonly replicas?: number
}

/** Whether the autoscaler has ever written anything of this service. */
export function hasState(state: ScalingState): boolean {
  return Object.values(state).some((value) => value !== undefined)
}

/** Whether both were written by the same change: each has a time of its own. */
export function isSameState(a: ScalingState, b: ScalingState): boolean {
  return a.lastUpMs === b.lastUpMs && a.lastDownMs === b.lastDownMs && a.replicas === b.replicas
}

/** How far the tasks of a service are, one for each replica. What they sum up to may be less than the replicas for a moment. */
export interface Tasks {
  readonly running: number
  /** On their way: being placed, pulling, starting, or waiting for their first health check. */
  readonly starting: number
  /** No node may or can take them, or they hang on their way. */
  readonly pending: number
  /** Ended by themselves again and again, or for good. */
  readonly failing: number
  /** Why they are pending, in Docker's own words. Absent if none is, and while Docker says nothing. */
  readonly pendingReason?: string
  /** How the last one failed, in Docker's own words. Absent if none is failing. */
  readonly failingReason?: string
}

/** A redeploy that has reset the replicas of a service. */
export interface Redeploy {
  /** The replicas before it. */
  readonly from: number
  /** The replicas that it left. */
  readonly to: number
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
  /** Tasks seen running; draining and old ones among them if `tasks` is absent. Absent if the engine did not report them. */
  readonly runningReplicas?: number
  /** Absent if they were not read. */
  readonly tasks?: Tasks
  readonly policy: ParsedPolicy
  readonly state: ScalingState
  /** What it was before its last update, also an external one. Absent if there is nothing to go back to. */
  readonly previous?: { readonly replicas: number; readonly state: ScalingState }
  /** Grows with each change. Absent if it is not known. */
  readonly version?: number
  /** When it was last updated, by whomever, in ms since the epoch. Absent if the engine did not report it. */
  readonly updatedAtMs?: number
  /** A redeploy that nobody has answered yet. Swarm itself does not report one: see `settle`. */
  readonly redeploy?: Redeploy
  /** Absent after a plain scale and on a service never updated. */
  readonly rollout?: RolloutState
  /** Cores that one replica may use, > 0: its limit, else its reservation, else 1. */
  readonly cpuLimitCores: number
  /** Bytes of memory that one replica may use: its limit, else its reservation. Absent with neither. */
  readonly memoryLimitBytes?: number
}

const rolloutsUnderWay: readonly RolloutState[] = [
  'updating',
  'paused',
  'rollback_started',
  'rollback_paused',
]

/** Whether a rollout or a rollback of the service is under way, or paused. */
export function isInRollout({ rollout }: Pick<Service, 'rollout'>): boolean {
  return rollout !== undefined && rolloutsUnderWay.includes(rollout)
}
