import type { CostQuery, ServiceCost } from '../domain/cost.ts'
import type { HistoryEvent } from '../domain/event.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import { patienceMs } from '../reconcile/backoff.ts'
import type { Clock } from '../reconcile/ports.ts'
import { costOf } from './cost/cost-of.ts'
import { EventIds } from './event-ids.ts'
import { toHistoryError } from './history-error.ts'
import { overlaidCounts, overlaidEvents, overlaidServices, overlaidWatches } from './overlay.ts'
import type { HistoryObserver } from './ports.ts'
import { Pruner, type RetentionRules } from './pruner.ts'
import { Recorder } from './recorder.ts'
import type { CountQuery, EventQuery, HistoryStore } from './store.ts'
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
export class History {
  /** To be told what happens. */
  readonly recorder: Recorder
  readonly #options: HistoryOptions
  readonly #queue: WriteQueue
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

  /** Replica counts, those among them that wait to be written. Where the store cannot be read, those alone. */
  async counts(query: CountQuery): Promise<readonly ReplicaCount[]> {
    const counts: (readonly ReplicaCount[])[] = []
    for (const service of await this.#services(query)) counts.push(await this.#countsOf(service, query))
    return counts.flat()
  }

  async cost(query: CostQuery): Promise<readonly ServiceCost[]> {
    const { store, clock, resyncIntervalMs } = this.#options
    const nowMs = clock.nowMs()
    // The watches first: a watch that is newer than the counts would say of an old count that it still holds.
    const waiting = [...this.#queue.waiting]
    const stored = await store.watches(query).catch(() => [])
    const watches = overlaidWatches(stored, waiting, query)
    const basis = { watches, nowMs, patienceMs: patienceMs(resyncIntervalMs) }
    const costs: (readonly ServiceCost[])[] = []
    for (const service of await this.#services(query)) {
      costs.push(costOf(query, { ...basis, counts: await this.#countsOf(service, query) }))
    }
    return costs.flat()
  }

  /** One service after the other: all of a large history at once takes a store too long, and more memory than there is. */
  async #countsOf(service: string, { sinceMs, untilMs }: CountQuery): Promise<readonly ReplicaCount[]> {
    const query = { service, sinceMs, untilMs }
    const waiting = [...this.#queue.waiting]
    const stored = await this.#options.store.counts(query).catch(() => [])
    return overlaidCounts(stored, waiting, query)
  }

  /** The services asked about. */
  async #services(query: CountQuery): Promise<readonly string[]> {
    if (query.service !== undefined) return [query.service]
    const waiting = [...this.#queue.waiting]
    const stored = await this.#options.store.services(query).catch(() => [])
    return overlaidServices(stored, waiting, query)
  }

  status() {
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
      this.#options.observer.recordFailed(toHistoryError(thrown), this.#queue.waiting.length)
    })
  }
}
