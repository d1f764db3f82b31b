import type { Clock } from '../reconcile/ports.ts'
import { toHistoryError } from './history-error.ts'
import type { HistoryObserver } from './ports.ts'
import type { HistoryStore } from './store.ts'

/** How much of the history is kept. */
export interface RetentionRules {
  /** In ms, > 0. */
  readonly maxAgeMs: number
  /** Most events, and as many counts; > 0. */
  readonly maxRows: number
}

export interface PrunerOptions {
  readonly store: Pick<HistoryStore, 'prune'>
  readonly clock: Clock
  readonly observer: Pick<HistoryObserver, 'historyPruned' | 'historyFailed'>
  readonly retention: RetentionRules
}

/** When pruning starts, and then how often it runs, in ms. */
const firstMs = 60_000
const intervalMs = 600_000
/** Pause between two portions, so that other calls get their turn, in ms. */
const pauseMs = 50

/** Removes old and surplus rows in the background, in small portions. */
export class Pruner {
  readonly #options: PrunerOptions
  #cancel: () => void = () => {}
  #stopped = false

  constructor(options: PrunerOptions) {
    this.#options = options
  }

  start(): void {
    this.#after(firstMs)
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #after(delayMs: number): void {
    if (this.#stopped) return
    this.#cancel = this.#options.clock.after(delayMs, async () => this.#after(await this.#pruneSome()))
  }

  /** Resolves with the delay until the next portion, in ms. */
  async #pruneSome(): Promise<number> {
    const { store, clock, observer, retention } = this.#options
    try {
      const removed = await store.prune({
        beforeMs: clock.nowMs() - retention.maxAgeMs,
        mostRows: retention.maxRows,
      })
      if (removed > 0) observer.historyPruned(removed)
      return removed > 0 ? pauseMs : intervalMs
    } catch (thrown) {
      observer.historyFailed(toHistoryError(thrown), 0)
      return intervalMs
    }
  }
}
