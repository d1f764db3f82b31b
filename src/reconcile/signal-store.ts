import type { Signal } from '../domain/signal.ts'

interface Standing {
  readonly signal: Signal
  readonly heardAtMs: number
}

/**
 * The signals that stand, by service and fingerprint. A signal stands from when it is heard until it is withdrawn, or
 * until it has not been heard of for the TTL: an Alertmanager that fell silent must not hold a service up for ever.
 */
export class SignalStore {
  readonly #ttlMs: number
  readonly #byService = new Map<string, Map<string, Standing>>()

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  /** Takes in a signal for the service of this name, or refreshes the one with the same fingerprint. */
  hear(service: string, signal: Signal, nowMs: number): void {
    const signals = this.#byService.get(service) ?? new Map<string, Standing>()
    signals.set(signal.fingerprint, { signal, heardAtMs: nowMs })
    this.#byService.set(service, signals)
  }

  /**
   * Withdraws a signal that ended at `endedAtMs`. One that began only after that is another firing of the same alert, and
   * stays: deliveries can overtake each other.
   */
  withdraw(service: string, fingerprint: string, endedAtMs: number): void {
    const signals = this.#byService.get(service)
    const standing = signals?.get(fingerprint)
    if (signals === undefined || standing === undefined || standing.signal.startsAtMs > endedAtMs) return
    signals.delete(fingerprint)
    if (signals.size === 0) this.#byService.delete(service)
  }

  /** The signals that stand for this service now. */
  standing(service: string, nowMs: number): readonly Signal[] {
    const signals = this.#byService.get(service)
    if (signals === undefined) return []
    for (const [fingerprint, { heardAtMs }] of signals) {
      if (nowMs - heardAtMs >= this.#ttlMs) signals.delete(fingerprint)
    }
    if (signals.size === 0) this.#byService.delete(service)
    return [...signals.values()].map(({ signal }) => signal)
  }

  /** Forgets everything about a service that is gone or may not be scaled. */
  forget(service: string): void {
    this.#byService.delete(service)
  }
}
