import type { RefusedAlert } from '../domain/event.ts'

/** Most rejections that are remembered: enough for every rule of a large installation. */
const mostKnown = 10_000
/** A rejection that was not received for this long counts as new again, in ms. */
const knownForMs = 3_600_000

/** Distinguishes new rejections from repeated ones. */
export class Refusals {
  /** When each was received last, in that order. */
  readonly #receivedAtMs = new Map<string, number>()

  isKnown({ service, reason, alert, problem = '' }: RefusedAlert, nowMs: number): boolean {
    const key = JSON.stringify([service, reason, alert.fingerprint, alert.startsAtMs, problem])
    const receivedAtMs = this.#receivedAtMs.get(key)
    this.#receivedAtMs.delete(key)
    this.#receivedAtMs.set(key, nowMs)
    const [oldest] = this.#receivedAtMs.keys()
    if (this.#receivedAtMs.size > mostKnown && oldest !== undefined) this.#receivedAtMs.delete(oldest)
    return receivedAtMs !== undefined && nowMs - receivedAtMs < knownForMs
  }
}
