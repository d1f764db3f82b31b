import type { EventQuery, HistoryEvent } from '../../../src/domain/event.ts'
import type { ReplicaCount, Watch } from '../../../src/domain/replica-count.ts'
import { startOf } from '../../../src/history/event-ids.ts'
import { HistoryError } from '../../../src/history/history-error.ts'
import type {
  CountQuery,
  Entry,
  HistoryStore,
  PastQuery,
  Retention,
  StoredPast,
} from '../../../src/history/store.ts'

/** Rows of each kind that go in one call. */
const portion = 1_000

/** A store in memory. Set what it throws, read what it was given. */
export class FakeStore implements HistoryStore {
  /** Thrown by every call while it is set. */
  fault: Error | undefined
  /** What a write of these entries throws. */
  faultOf: (entries: readonly Entry[]) => Error | undefined = () => undefined
  /** Every write that was tried, whether or not it failed. */
  readonly writes: (readonly Entry[])[] = []
  /** Every call that read something, by its name. */
  readonly reads: string[] = []
  isClosed = false

  readonly #events = new Map<string, HistoryEvent>()
  readonly #counts = new Map<string, ReplicaCount>()
  readonly #watches = new Map<string, Watch>()

  #held: Promise<void> | undefined
  #ask: () => void = () => {}

  /** Lets every write wait, until `release` is called; `asked` resolves at the first one. */
  hold(): { readonly release: () => void; readonly asked: Promise<void> } {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    this.#held = promise
    this.#ask = ask
    return { release, asked }
  }

  readonly write = async (entries: readonly Entry[]): Promise<void> => {
    this.writes.push(entries)
    this.#ask()
    await this.#held
    this.#throwIfFaulty()
    const fault = this.faultOf(entries)
    if (fault !== undefined) throw fault
    for (const entry of entries) this.#put(entry)
  }

  readonly events = async (query: EventQuery): Promise<readonly HistoryEvent[]> => {
    this.#read('events')
    const { service, kinds, sinceMs = 0, untilMs, beforeId, afterId, limit } = query
    const found = [...this.#events.values()].filter(
      (event) =>
        (service === undefined || event.service === service) &&
        (kinds === undefined || kinds.includes(event.kind)) &&
        event.id >= startOf(sinceMs) &&
        (untilMs === undefined || event.id < startOf(untilMs)) &&
        (beforeId === undefined || event.id < beforeId) &&
        (afterId === undefined || event.id > afterId),
    )
    found.sort((a, b) => (a.id < b.id ? 1 : -1))
    return afterId === undefined ? found.slice(0, limit) : found.slice(-limit)
  }

  readonly services = async ({ untilMs }: { untilMs: number }): Promise<readonly string[]> => {
    this.#read('services')
    const before = [...this.#counts.values()].filter(({ atMs }) => atMs < untilMs)
    return [...new Set(before.map(({ service }) => service))].sort()
  }

  readonly counts = async (query: CountQuery): Promise<readonly ReplicaCount[]> => {
    this.#read('counts')
    return this.#countsIn(query)
  }

  readonly watches = async (query: { sinceMs: number; untilMs: number }): Promise<readonly Watch[]> => {
    this.#read('watches')
    return this.#watchesIn(query)
  }

  readonly past = async (query: PastQuery): Promise<StoredPast | undefined> => {
    this.#read('past')
    const counts = this.#countsIn({ sinceMs: query.sinceMs, untilMs: query.untilMs })
    return counts.length > query.mostCounts ? undefined : { counts, watches: this.#watchesIn(query) }
  }

  readonly prune = async ({ beforeMs, mostRows }: Retention): Promise<number> => {
    this.#throwIfFaulty()
    const ids = [...this.#events.keys()].sort()
    const oldEvents = ids
      .filter((id, index) => index < ids.length - mostRows || id < startOf(beforeMs))
      .slice(0, portion)
    for (const id of oldEvents) this.#events.delete(id)
    const oldCounts = this.#oldCounts(beforeMs, mostRows).slice(0, portion)
    for (const key of oldCounts) this.#counts.delete(key)
    const oldWatches = [...this.#watches].filter(([, { untilMs }]) => untilMs < beforeMs)
    for (const [key] of oldWatches) this.#watches.delete(key)
    return oldEvents.length + oldCounts.length + oldWatches.length
  }

  readonly close = async (): Promise<void> => {
    this.isClosed = true
  }

  #put(entry: Entry): void {
    switch (entry.kind) {
      case 'event':
        if (!this.#events.has(entry.event.id)) this.#events.set(entry.event.id, entry.event)
        break
      case 'count':
        this.#counts.set(`${entry.count.service} ${entry.count.atMs}`, entry.count)
        break
      case 'watch': {
        const { receiver, fromMs, untilMs } = entry.watch
        const key = `${receiver} ${fromMs}`
        const lastMs = this.#watches.get(key)?.untilMs ?? untilMs
        this.#watches.set(key, { receiver, fromMs, untilMs: Math.max(lastMs, untilMs) })
        break
      }
      default: {
        const { kind: _, ...more } = entry
        const event = this.#events.get(entry.id)
        if (event !== undefined) this.#events.set(entry.id, { ...event, ...more })
      }
    }
  }

  #countsIn({ service, sinceMs, untilMs }: CountQuery): readonly ReplicaCount[] {
    const before = [...this.#counts.values()]
      .filter((count) => (service === undefined || count.service === service) && count.atMs < untilMs)
      .sort((a, b) => (a.service === b.service ? a.atMs - b.atMs : a.service < b.service ? -1 : 1))
    return before.filter((count, index) => {
      const next = before[index + 1]
      return count.atMs >= sinceMs || next?.service !== count.service || next.atMs > sinceMs
    })
  }

  #watchesIn({ sinceMs, untilMs }: { sinceMs: number; untilMs: number }): readonly Watch[] {
    return [...this.#watches.values()]
      .filter((watch) => watch.untilMs > sinceMs && watch.fromMs < untilMs)
      .sort((a, b) => a.fromMs - b.fromMs || (a.receiver < b.receiver ? -1 : 1))
  }

  #read(name: string): void {
    this.#throwIfFaulty()
    this.reads.push(name)
  }

  /** Keys of the counts that may go: not the last one of a service that is still there. */
  #oldCounts(beforeMs: number, mostRows: number): readonly string[] {
    const all = [...this.#counts].sort(([, a], [, b]) => a.atMs - b.atMs)
    const firstMs = Math.max(beforeMs, all[Math.max(0, all.length - mostRows)]?.[1].atMs ?? 0)
    const old = all.filter(([, { atMs }]) => atMs < firstMs)
    const last = new Map(old.map(([key, { service }]) => [service, key]))
    return old.filter(([key, { service, isGone }]) => isGone || last.get(service) !== key).map(([key]) => key)
  }

  #throwIfFaulty(): void {
    if (this.isClosed) throw new HistoryError('store', 'the history is closed')
    if (this.fault !== undefined) throw this.fault
  }
}
