import { cooldownUntilMs } from '../domain/cooldown.ts'
import type { Decision } from '../domain/decision.ts'
import type { Service } from '../domain/service.ts'

/**
 * The rest that a service has from alerts without a cooldown. They act with each delivery and at each resync, and not at
 * every look: the event of a change would set off the next one at once, up to the maximum.
 */
export class StepGuard {
  readonly #intervalMs: number
  /** When each service was last scaled by a signal, in ms since the epoch. */
  readonly #movedAtMs = new Map<string, number>()

  /** `intervalMs`: how often every service is looked at without any signal, in ms. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** The decision is about to be written: its own event may be received before its answer. */
  begin(name: string, decision: Decision, nowMs: number): void {
    if (decision.kind === 'scale' && decision.reason === 'alert') this.#movedAtMs.set(name, nowMs)
  }

  /** Whether what is due has to wait for the next delivery or resync. */
  holds(service: Service, decision: Decision, nowMs: number): boolean {
    const movedAtMs = this.#movedAtMs.get(service.name)
    const isByAlert = decision.kind === 'scale' && decision.cause !== undefined
    if (!isByAlert || movedAtMs === undefined || nowMs - movedAtMs >= this.#intervalMs) return false
    return !hasCooldown(service, decision)
  }

  /** Forgets every service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#movedAtMs.keys()) if (!names.has(name)) this.#movedAtMs.delete(name)
  }
}

function hasCooldown({ policy }: Service, decision: Extract<Decision, { kind: 'scale' }>): boolean {
  if (policy.kind !== 'valid' || decision.cause === undefined) return false
  const direction = decision.to > decision.from ? 'up' : 'down'
  const epoch = { lastUpMs: 0, lastDownMs: 0 }
  return (cooldownUntilMs(direction, decision.cause.demand.kind, policy.policy, epoch) ?? 0) > 0
}
