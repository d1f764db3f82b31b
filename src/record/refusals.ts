import type { EventAlert } from '../domain/event.ts'
import type { RejectReason } from '../domain/reason.ts'

/** A signal that was refused. */
export interface RefusedSignal {
  /** What it names, however wrong. */
  readonly service: string
  readonly reason: RejectReason
  readonly alert: EventAlert
  /** What is wrong with the alert itself. Absent where it could be understood. */
  readonly problem?: string
}

/** Refusals that are remembered: enough for every rule of a large installation. */
const mostKnown = 10_000
/** One that was not heard of for so long is news again, in ms. */
const knownForMs = 3_600_000

/** Tells a refusal that is new from one that is posted again and again. */
export class Refusals {
  /** When each was heard last, in the order of hearing. */
  readonly #heardAtMs = new Map<string, number>()

  isKnown({ service, reason, alert, problem = '' }: RefusedSignal, nowMs: number): boolean {
    const key = JSON.stringify([service, reason, alert.fingerprint, alert.startsAtMs, problem])
    const heardAtMs = this.#heardAtMs.get(key)
    this.#heardAtMs.delete(key)
    this.#heardAtMs.set(key, nowMs)
    const [oldest] = this.#heardAtMs.keys()
    if (this.#heardAtMs.size > mostKnown && oldest !== undefined) this.#heardAtMs.delete(oldest)
    return heardAtMs !== undefined && nowMs - heardAtMs < knownForMs
  }
}
