import type { NextChanges } from '../decide/next-change.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'

/** What the last check of a service resulted in. */
export interface ServiceStatus {
  /** As it was read last. */
  readonly service: Service
  readonly decision: Decision
  /** Since when every check has had this kind and reason, in ms since the epoch. */
  readonly sinceMs: number
  /** The alerts that were active at the last check. */
  readonly alerts: readonly ActiveAlert[]
  /** When the last check was, in ms since the epoch. */
  readonly atMs: number
}

/** The status of a service, and what the next alert of each direction would result in. */
export interface ServiceDetails extends ServiceStatus {
  readonly next: NextChanges
}

/** The status after one more check. Another service of the same name begins anew. */
export function nextStatus(
  before: ServiceStatus | undefined,
  checked: Omit<ServiceStatus, 'sinceMs'>,
): ServiceStatus {
  const goesOn =
    before !== undefined &&
    before.service.id === checked.service.id &&
    before.decision.kind === checked.decision.kind &&
    before.decision.reason === checked.decision.reason
  return { ...checked, sinceMs: goesOn ? before.sinceMs : checked.atMs }
}
