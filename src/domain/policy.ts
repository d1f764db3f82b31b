import type { Amount } from './amount.ts'
import type { Forecast } from './forecast.ts'
import type { Pause } from './pause.ts'
import type { Schedule } from './schedule.ts'

/** The two limits of one change. Both may stand (`4,100%`): then the larger allows. */
export type MaxStep = readonly [Amount, ...Amount[]]

/** How one direction behaves. */
export interface DirectionPolicy {
  /** Size of a step for an alert that names no amount. Default 1 replica. */
  readonly step: Amount
  /** Most that one change may add or remove. Absent: no limit. Default: none for up, 50 % for down. */
  readonly maxStep?: MaxStep
  /**
   * Pause after an applied change, in ms, >= 0. Absent (up only): 0 for alerts that name `replicas`, which are absolute
   * and cannot compound, and 60 s for steps. Default for down: 60 s.
   */
  readonly cooldownMs?: number
  /** How long an alert must have been active before it acts, in ms, >= 0. Default: 0 for up, 150 s for down. */
  readonly stabilizationMs: number
}

/** How a service may be scaled; every value is checked. */
export interface Policy {
  /** Fewest replicas, >= 0. Default 1. */
  readonly min: number
  /** Most replicas, >= 1 and >= min. */
  readonly max: number
  /** What one replica should bear, by signal, in base units: ratio, bytes, seconds, or the user's own. */
  readonly targets: Readonly<Record<string, number>>
  readonly up: DirectionPolicy
  readonly down: DirectionPolicy
  /** Windows in which other bounds hold. Default: none. */
  readonly schedules: readonly Schedule[]
  /** Absent: nothing is expected, only measured. */
  readonly forecast?: Forecast
  /** Absent: nothing is held. */
  readonly pause?: Pause
  /** Decide, report and record, but change nothing. Default false. */
  readonly isDryRun: boolean
  /** What to do when a redeploy has reset the replicas. Default `restore`. */
  readonly onRedeploy: 'restore' | 'accept'
  /** Price of one replica for one hour, >= 0, in whatever currency. Absent: none is given. */
  readonly costPerHour?: number
}

export const defaultStep: Amount = { unit: 'replicas', value: 1 }
export const defaultMin = 1
/** Pause after an up by a step: steps repeat, and each repeat would move again. */
export const defaultUpStepCooldownMs = 60_000
export const defaultUpStabilizationMs = 0
export const defaultDownMaxStep: MaxStep = [{ unit: 'percent', value: 50 }]
export const defaultDownCooldownMs = 60_000
/** Long enough to see the dip between two waves, found best in simulation over load traces. */
export const defaultDownStabilizationMs = 150_000

/** One thing wrong with a policy, said so that its owner can fix it. */
export interface PolicyFault {
  /** The full key, such as `autoscaler.max`. */
  readonly key: string
  /** The value as written; absent where the key is missing. */
  readonly value?: string
  /** What is wrong and what would be right. */
  readonly message: string
}

/** The policy in a service's labels: not enabled, valid, or invalid with all of its faults. */
export type ParsedPolicy =
  | {
      readonly kind: 'not_enabled'
      /** It has opted in, but the allowlist of this receiver excludes it. Absent: it has not opted in. */
      readonly isExcluded?: true
    }
  | { readonly kind: 'invalid'; readonly faults: readonly [PolicyFault, ...PolicyFault[]] }
  | {
      readonly kind: 'valid'
      readonly policy: Policy
      /** Values that are valid, but unlikely to do what was meant. */
      readonly warnings: readonly PolicyFault[]
    }

/** Whether the allowlist of this receiver excludes a service that opted in. */
export function isExcluded(policy: ParsedPolicy): boolean {
  return policy.kind === 'not_enabled' && policy.isExcluded === true
}
