import type { Watch } from '../domain/replica-count.ts'
import { patienceMs } from '../reconcile/backoff.ts'

/** Tracks since when all services are watched, and writes it at each resync: a crash leaves at most one interval unknown. */
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

  /** At `atMs` all services were read, or could not be. Returns whether a watch begins. */
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
