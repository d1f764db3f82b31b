import type { CostQuery, ServiceCost } from '../domain/cost.ts'
import type { EventQuery, HistoryEvent } from '../domain/event.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { HistoryReader, HistoryStatus, ReplicaHistory } from '../receiver/ports.ts'
import { patienceMs } from '../reconcile/backoff.ts'
import type { Clock } from '../reconcile/ports.ts'
import { costOf } from './cost/cost-of.ts'
import { EventIds } from './event-ids.ts'
import { toHistoryError } from './history-error.ts'
import { overlaidEvents } from './overlay.ts'
import { PastReader } from './past-reader.ts'
import type { HistoryObserver } from './ports.ts'
import { Pruner, type RetentionRules } from './pruner.ts'
import { Recorder } from './recorder.ts'
import type { HistoryStore } from './store.ts'
import { WriteQueue } from './write-queue.ts'

export interface HistoryOptions {
  readonly store: HistoryStore
  readonly clock: Clock
  readonly observer: HistoryObserver
  /** The version of the autoscaler. */
  readonly version: string
  /** Tells receivers apart that write to the same store: 8 hexadecimal digits. */
  readonly receiver: string
  /** How often every service is checked without any alert, in ms. */
  readonly resyncIntervalMs: number
  readonly retention: RetentionRules
}

/** Longest time that a webhook's answer waits for its entries to be written, in ms. */
const mostWaitMs = 1_000

/** The history: records the events of the loop, stores them, and answers queries. */
export class History implements HistoryReader {
  /** Records the events of the loop and of the receiver. */
  readonly recorder: Recorder
  readonly #options: HistoryOptions
  readonly #queue: WriteQueue
  readonly #past: PastReader
  readonly #pruner: Pruner

  constructor(options: HistoryOptions) {
    const { store, clock, observer, receiver } = options
    this.#options = options
    this.#queue = new WriteQueue({ store, clock, observer })
    this.recorder = new Recorder({
      ...options,
      ids: new EventIds(receiver),
      write: (entry) => this.#queue.add(entry),
    })
    this.#past = new PastReader({ store, waiting: () => this.#queue.waiting })
    this.#pruner = new Pruner(options)
  }

  /** Starts to remove old and surplus rows in the background. */
  start(): void {
    this.#pruner.start()
  }

  /** Newest first, including events that wait to be written. If the store cannot be read, only those. */
  async events(query: EventQuery): Promise<readonly HistoryEvent[]> {
    // Taken before the read: a waiting entry may be written, and leave the queue, before the store answers without it.
    const waiting = [...this.#queue.waiting]
    const stored = await this.#options.store.events(query).catch(() => [])
    return overlaidEvents(stored, waiting, query)
  }

  async cost(query: CostQuery): Promise<readonly ServiceCost[]> {
    const costs: (readonly ServiceCost[])[] = []
    const basis = this.#costBasis()
    for await (const part of this.#past.parts(query)) costs.push(costOf(query, { ...basis, ...part }))
    return costs.flat()
  }

  /** The cost, and the replica counts behind it, by service and then by time: read once for both. */
  async past(query: CostQuery): Promise<ReplicaHistory> {
    const costs: (readonly ServiceCost[])[] = []
    const counts: (readonly ReplicaCount[])[] = []
    const basis = this.#costBasis()
    for await (const part of this.#past.parts(query)) {
      costs.push(costOf(query, { ...basis, ...part }))
      counts.push(part.counts)
    }
    return { costs: costs.flat(), counts: counts.flat() }
  }

  #costBasis() {
    const { clock, resyncIntervalMs } = this.#options
    return { nowMs: clock.nowMs(), patienceMs: patienceMs(resyncIntervalMs) }
  }

  status(): HistoryStatus {
    const { fault, waiting } = this.#queue
    if (fault === undefined) return {}
    const { error, sinceMs, lost } = fault
    return { fault: { message: error.message, sinceMs, waiting: waiting.length, lost } }
  }

  async settled(): Promise<void> {
    if (this.#queue.isIdle) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(mostWaitMs, resolve)
    await Promise.race([this.#queue.idle(), promise])
    cancel()
  }

  /** Writes the waiting entries if possible, and closes the store. Never throws. */
  async stop(): Promise<void> {
    this.#pruner.stop()
    await this.#queue.stop()
    await this.#options.store.close().catch((thrown) => {
      this.#options.observer.historyFailed(toHistoryError(thrown), this.#queue.waiting.length)
    })
  }
}
