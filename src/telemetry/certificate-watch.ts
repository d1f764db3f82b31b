import type { Clock } from '../reconcile/ports.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

const dayMs = 86_400_000

/** How long before the end there are warnings. */
const warnBeforeMs = 14 * dayMs

/** Tells when the certificate expires that TLS is served with: by a metric, and for the last 14 days and after them by a warning a day. */
export class CertificateWatch {
  readonly #metrics: Metrics
  readonly #log: Logger
  readonly #clock: Clock
  #cancel = () => {}

  constructor(metrics: Metrics, log: Logger, clock: Clock) {
    this.#metrics = metrics
    this.#log = log
    this.#clock = clock
  }

  /** A certificate is used from now on that expires then, in ms since the epoch. */
  use(expiresAtMs: number): void {
    this.#metrics.tlsExpiry.set(expiresAtMs / 1_000)
    this.stop()
    this.#check(expiresAtMs)
  }

  stop(): void {
    this.#cancel()
  }

  #check(expiresAtMs: number): void {
    const leftMs = expiresAtMs - this.#clock.nowMs()
    const facts = { expires: new Date(expiresAtMs).toISOString() }
    if (leftMs <= 0) {
      this.#log.warn(facts, 'the TLS certificate has expired; callers refuse it: write a new one and reload')
    } else if (leftMs <= warnBeforeMs) {
      this.#log.warn(facts, 'the TLS certificate expires soon; write a new one and reload')
    }
    this.#cancel = this.#clock.after(dayMs, () => this.#check(expiresAtMs))
  }
}
