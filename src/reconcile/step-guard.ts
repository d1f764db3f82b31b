import { cooldownUntilMs } from '../domain/cooldown.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'
import type { Scaling } from './events.ts'

/**
 * Keeps alerts without a cooldown from acting at every check. They act with each delivery and at each resync: otherwise the
 * event of a change would cause the next change at once, up to the maximum.
 */
export class StepGuard {
  readonly #intervalMs: number
  /** When an alert last scaled the service, in ms since the epoch. */
  #steppedAtMs: number | undefined

  /** `intervalMs`: how often every service is checked without any alert, in ms. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** The change is about to be written: its own event may arrive before its answer. */
  begin({ reason }: Scaling, nowMs: number): void {
    if (reason === 'alert') this.#steppedAtMs = nowMs
  }

  /** Whether what is due has to wait for the next delivery or resync. */
  holds(service: Service, decision: Decision, nowMs: number): boolean {
    const steppedAtMs = this.#steppedAtMs
    const isByAlert = decision.kind === 'scale' && decision.cause !== undefined
    if (!isByAlert || steppedAtMs === undefined || nowMs - steppedAtMs >= this.#intervalMs) return false
    return !hasCooldown(service, decision)
  }
}

function hasCooldown({ policy }: Service, decision: Scaling): boolean {
  if (policy.kind !== 'valid' || decision.cause === undefined) return false
  const direction = decision.to > decision.from ? 'up' : 'down'
  const epoch = { lastUpMs: 0, lastDownMs: 0 }
  return (cooldownUntilMs(direction, decision.cause.demand.kind, policy.policy, epoch) ?? 0) > 0
}
