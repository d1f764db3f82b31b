import type { Watch } from '../domain/replica-count.ts'
import { patienceMs } from '../reconcile/backoff.ts'

/** Knows since when every service is seen, and tells it again and again, so that a crash leaves no more than an interval in doubt. */
export class WatchKeeper {
  readonly #receiver: string
  readonly #intervalMs: number
  readonly #write: (watch: Watch) => void
  #watch: Watch | undefined

  constructor(receiver: string, intervalMs: number, write: (watch: Watch) => void) {
    this.#receiver = receiver
    this.#intervalMs = intervalMs
    this.#write = write
  }

  /** At `atMs` all services were seen, or could not be. Answers whether a watch begins. */
  saw(wasSeen: boolean, atMs: number): boolean {
    if (!wasSeen) {
      this.#watch = undefined
      return false
    }
    const last = this.#watch
    const goesOn =
      last !== undefined && atMs - last.untilMs <= patienceMs(this.#intervalMs) && atMs >= last.untilMs
    this.#watch = { receiver: this.#receiver, fromMs: goesOn ? last.fromMs : atMs, untilMs: atMs }
    this.#write(this.#watch)
    return !goesOn
  }
}
