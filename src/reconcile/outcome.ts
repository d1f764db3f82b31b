import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'
import type { Found } from './ports.ts'

/** A decision, and the alerts that were active when it was made. */
export interface Considered {
  readonly decision: Decision
  readonly alerts: readonly ActiveAlert[]
}

/** A service that was read, and what was decided for it. */
export interface Reading extends Considered {
  readonly found: Found
  /** In the light of what is known of it. */
  readonly service: Service
}

/**
 * What a reconciliation can start from.
 * - `read`: a reading that was just made, with its decision. Nothing is read again.
 * - `cached`: a decision for the last reading. It is read again before anything is written, and decided again if it has changed.
 */
export type InHand =
  | { readonly kind: 'read'; readonly reading: Reading }
  | { readonly kind: 'cached'; readonly service: Service; readonly considered: Considered }

/** What a reconciliation of a service resulted in. */
export interface Outcome {
  readonly decision: Decision
  /** The service as it is after the decision, the change included. Absent if there is none of that name. */
  readonly service?: Service
}

/** The same, with the alerts that were active when it was decided. */
export type Reconciled = Outcome & Considered
