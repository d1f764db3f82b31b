import type { Policy } from '../../domain/policy.ts'
import type { Measure } from '../../simulator/pipeline/scraper.ts'
import type { Scene } from '../../simulator/scene.ts'
import { UsageError } from '../usage-error.ts'

/** What the command line says of a replica. */
export interface ReplicaOptions {
  /** The signal that the load is measured in. Absent: the one that the policy targets. */
  readonly signal?: string
  /** The most that one replica can serve, in the unit of the load. Absent: its CPU limit for CPU, else target / `assumedShare`. */
  readonly capacity?: number
  readonly startUpSeconds: number
  /** CPU limit of one replica, in cores. Absent: that of the service if it is known, else 1. */
  readonly cpuLimit?: number
}

/** A scene without its load. */
export type ReplicaModel = Pick<Scene, 'measure' | 'capacity' | 'target' | 'startUpSeconds'> & {
  readonly signal: string
  /** Whether the capacity was not given and is a guess. */
  readonly isCapacityAssumed: boolean
}

/** The share of its capacity that a replica's target is assumed to be. */
const assumedShare = 0.7

/** Their alerts ask for steps, and the load alone does not determine them. */
const notModelled = ['latency', 'errors']

/** Throws `UsageError` if policy and options contradict each other. */
export function replicaModel(policy: Policy, options: ReplicaOptions): ReplicaModel {
  const signal = options.signal ?? firstSignal(policy)
  const target = targetOf(policy, signal, options)
  const known = options.capacity ?? (signal === 'cpu' ? (options.cpuLimit ?? 1) : undefined)
  const capacity = known ?? target / assumedShare
  if (capacity < target) {
    throw new UsageError(
      `--capacity ${capacity} is below the target of one replica (${target}, by autoscaler.target.${signal}); raise it, or lower the target`,
    )
  }
  return {
    signal,
    measure: measureOf(signal),
    capacity,
    target,
    startUpSeconds: options.startUpSeconds,
    isCapacityAssumed: known === undefined,
  }
}

/** The load that one replica should serve by this policy, in the unit of the load. Throws `UsageError` if the policy has no such target. */
export function targetOf(
  policy: Policy,
  signal: string,
  { cpuLimit = 1 }: Pick<ReplicaOptions, 'cpuLimit'>,
): number {
  if (notModelled.includes(signal)) {
    throw new UsageError(
      `--signal ${signal} is not modelled: the load alone does not determine it; use requests, cpu or another target`,
    )
  }
  const target = Object.hasOwn(policy.targets, signal) ? policy.targets[signal] : undefined
  if (target === undefined) {
    throw new UsageError(
      `the policy has no autoscaler.target.${signal}; add --label target.${signal}=…, or name another --signal`,
    )
  }
  return signal === 'cpu' ? target * cpuLimit : target
}

function firstSignal(policy: Policy): string {
  const signals = Object.keys(policy.targets).filter((signal) => !notModelled.includes(signal))
  const first = ['requests', 'cpu'].find((signal) => signals.includes(signal)) ?? signals[0]
  if (first === undefined) {
    throw new UsageError(
      'the policy has no target to scale by; add --label target.requests=50, or target.cpu=70%',
    )
  }
  return first
}

function measureOf(signal: string): Measure {
  if (signal === 'cpu') return 'cpu'
  return signal === 'requests' || signal === 'network' ? 'requests' : 'gauge'
}
