import type { Policy } from '../../domain/policy.ts'
import type { Measure } from '../../simulator/path/measuring.ts'
import type { Scene } from '../../simulator/run.ts'
import { UsageError } from './usage-error.ts'

/** What a replica is, as the command line says. */
export interface PlantWords {
  /** The signal that the load is of. Absent: the one that the policy targets. */
  readonly signal?: string
  /** What one replica can bear, in the unit of the load. Absent: `assumedHeadroom` beyond its target, of CPU its limit. */
  readonly capacity?: number
  readonly startUpSeconds: number
  /** Cores that one replica may use. Absent: what is known of the service, else 1. */
  readonly cpuLimit?: number
}

/** A plant without its load. */
export type PlantModel = Pick<Scene, 'measure' | 'capacity' | 'target' | 'startUpSeconds'> & {
  readonly signal: string
  /** Whether the capacity is a guess. */
  readonly isCapacityAssumed: boolean
}

/** Where nobody says what a replica can bear, its target is taken for this share of it. */
const assumedShare = 0.7

/** Both ask for steps, and by what the service does with its load, which no load tells. */
const notModelled = ['latency', 'errors']

/** Throws `UsageError` where policy and words do not fit together. */
export function modelPlant(policy: Policy, words: PlantWords): PlantModel {
  const signal = words.signal ?? firstSignal(policy)
  const target = targetOf(policy, signal, words)
  const known = words.capacity ?? (signal === 'cpu' ? (words.cpuLimit ?? 1) : undefined)
  const capacity = known ?? target / assumedShare
  if (capacity < target) {
    throw new UsageError(
      `--capacity ${capacity} is below what one replica should bear (${target}, by autoscaler.target.${signal}); raise it, or lower the target`,
    )
  }
  return {
    signal,
    measure: measureOf(signal),
    capacity,
    target,
    startUpSeconds: words.startUpSeconds,
    isCapacityAssumed: known === undefined,
  }
}

/** What one replica should bear by this policy, in the unit of the load. Throws `UsageError` where it does not say. */
export function targetOf(
  policy: Policy,
  signal: string,
  { cpuLimit = 1 }: Pick<PlantWords, 'cpuLimit'>,
): number {
  if (notModelled.includes(signal)) {
    throw new UsageError(
      `--signal ${signal} is not modelled: a load does not tell it; take requests, cpu or another target`,
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
