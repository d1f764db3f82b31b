import type { CostQuery } from '../domain/cost.ts'
import { overlaidCounts, overlaidServices, overlaidWatches } from './overlay.ts'
import type { Entry, HistoryStore, StoredPast } from './store.ts'

/** Most counts that are read in one call. More would take a store too long, and need more memory than there is. */
export const mostCountsAtOnce = 50_000

export interface PastReaderOptions {
  readonly store: Pick<HistoryStore, 'past' | 'services' | 'counts' | 'watches'>
  /** The entries that the store may not have yet. */
  readonly waiting: () => readonly Entry[]
}

/** Reads counts and watches from the store, and adds those that wait to be written. If the store cannot be read, the result is those alone. */
export class PastReader {
  readonly #options: PastReaderOptions

  constructor(options: PastReaderOptions) {
    this.#options = options
  }

  /** The counts asked about, with the watches of that time. All services are one part, or each is a part if there are too many counts. */
  async *parts(query: CostQuery): AsyncGenerator<StoredPast> {
    const whole = query.service === undefined ? await this.#whole(query) : undefined
    if (whole !== undefined) yield whole
    else yield* this.#eachService(query)
  }

  async #whole({ sinceMs, untilMs }: CostQuery): Promise<StoredPast | undefined> {
    const waiting = this.#waitingNow()
    const stored = await this.#options.store
      .past({ sinceMs, untilMs, mostCounts: mostCountsAtOnce })
      .catch(() => ({ counts: [], watches: [] }))
    if (stored === undefined) return undefined
    const span = { sinceMs, untilMs }
    return {
      counts: overlaidCounts(stored.counts, waiting, span),
      watches: overlaidWatches(stored.watches, waiting, span),
    }
  }

  async *#eachService(query: CostQuery): AsyncGenerator<StoredPast> {
    // The watches first: a watch newer than the counts would make an old count valid for too long.
    const waiting = this.#waitingNow()
    const stored = await this.#options.store.watches(query).catch(() => [])
    const watches = overlaidWatches(stored, waiting, query)
    for (const service of await this.#services(query)) {
      yield { counts: await this.#countsOf(service, query), watches }
    }
  }

  async #services(query: CostQuery): Promise<readonly string[]> {
    if (query.service !== undefined) return [query.service]
    const waiting = this.#waitingNow()
    const stored = await this.#options.store.services(query).catch(() => [])
    return overlaidServices(stored, waiting, query)
  }

  async #countsOf(service: string, { sinceMs, untilMs }: CostQuery): Promise<StoredPast['counts']> {
    const query = { service, sinceMs, untilMs }
    const waiting = this.#waitingNow()
    const stored = await this.#options.store.counts(query).catch(() => [])
    return overlaidCounts(stored, waiting, query)
  }

  /** Taken before the read: a waiting entry may be written, and leave the queue, before the store answers without it. */
  #waitingNow(): readonly Entry[] {
    return [...this.#options.waiting()]
  }
}
