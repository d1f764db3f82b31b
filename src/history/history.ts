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
  /** How often every service is looked at without any signal, in ms. */
  readonly resyncIntervalMs: number
  readonly retention: RetentionRules
}

/** Most that an answer waits for what was told to be written, in ms. */
const mostWaitMs = 1_000

/** The history of what happened: takes in what the loop tells, keeps it, and answers from it. */
export class History implements HistoryReader {
  /** To be told what happens. */
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

  /** Begins to remove in the background what is too old or too much. */
  start(): void {
    this.#pruner.start()
  }

  /** The newest events first, those among them that wait to be written. Where the store cannot be read, those alone. */
  async events(query: EventQuery): Promise<readonly HistoryEvent[]> {
    // What waits now may be written, and wait no more, before the store answers without it.
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

  /** Writes what waits, as far as it can, and lets go of the store. Never throws. */
  async stop(): Promise<void> {
    this.#pruner.stop()
    await this.#queue.stop()
    await this.#options.store.close().catch((thrown) => {
      this.#options.observer.historyFailed(toHistoryError(thrown), this.#queue.waiting.length)
    })
  }
}
