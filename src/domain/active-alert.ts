import type { Amount } from './amount.ts'
import type { Scale } from './direction.ts'

/** What an alert asks for. */
export type Demand =
  /** So many replicas, fractions allowed: absolute, so that repeats cannot compound. */
  | { readonly kind: 'replicas'; readonly replicas: number }
  /** A change by so much. */
  | { readonly kind: 'step'; readonly step: Amount }
  /** A change by the policy's own step. */
  | { readonly kind: 'policy-step' }

/** A number of replicas, and since when it was asked for, in ms since the epoch. */
export interface Received {
  readonly atMs: number
  readonly replicas: number
}

/** A firing alert, read and checked: what the decision goes by. */
export interface ActiveAlert {
  /** Alertmanager's fingerprint of the alert's labels: the same alert, from whichever Alertmanager, counts once. */
  readonly fingerprint: string
  readonly scale: Scale
  /** What the alert asked for when it was received last. */
  readonly demand: Demand
  /** Every number that it asked for since it began to fire, as far back as is known, the oldest first. Absent: only `demand`. */
  readonly received?: readonly Received[]
  /** When the alert was received last, in ms since the epoch. Absent: now. */
  readonly receivedAtMs?: number
  /** When the alert began to fire, in ms since the epoch. */
  readonly startsAtMs: number
  readonly alertName: string
  /** Why, in a sentence, from the alert's `summary` annotation. Absent if it has none. */
  readonly summary?: string
}
