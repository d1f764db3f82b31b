import type { EventQuery, HistoryEvent } from '../domain/event.ts'
import type { ReplicaCount, Watch } from '../domain/replica-count.ts'

/** Something to write. Writing it again changes nothing. */
export type Entry =
  | { readonly kind: 'event'; readonly event: HistoryEvent }
  /** All tasks of an applied change run, this many ms after it. */
  | { readonly kind: 'converged'; readonly id: string; readonly convergedMs: number }
  /** An event happened again: `times` in all, the last time at `lastAtMs`. */
  | { readonly kind: 'repeated'; readonly id: string; readonly times: number; readonly lastAtMs: number }
  /** Replaces an earlier count of the same service and time. */
  | { readonly kind: 'count'; readonly count: ReplicaCount }
  /** Extends a watch of the same receiver and start; it never gets shorter. */
  | { readonly kind: 'watch'; readonly watch: Watch }

export interface CountQuery {
  readonly service?: string
  /** Counts in this time, and the last one of each service before it, in ms since the epoch. */
  readonly sinceMs: number
  readonly untilMs: number
}

/** A query for everything in a time, in ms since the epoch. */
export interface PastQuery {
  readonly sinceMs: number
  readonly untilMs: number
  /** Most counts in the answer, >= 1. */
  readonly mostCounts: number
}

/** The counts of all services in a time, and the last one of each before it; and the watches that overlap the time. */
export interface StoredPast {
  /** By service, then by time. */
  readonly counts: readonly ReplicaCount[]
  /** By their start. None is newer than the counts. */
  readonly watches: readonly Watch[]
}

/** What may be kept. */
export interface Retention {
  /**
   * Nothing older, in ms since the epoch. Of each service the last count before it stays, unless that says that it was gone: it
   * is valid for what follows. Watches count by their end.
   */
  readonly beforeMs: number
  /** Most events, and as many counts; the oldest go first. */
  readonly mostRows: number
}

/** Where the history is kept. Every call ends within a bounded time, and fails with a `HistoryError` only. */
export interface HistoryStore {
  /** Writes all entries or none. When it resolves, a crash of the process loses none of them. */
  readonly write: (entries: readonly Entry[]) => Promise<void>
  /** The newest `limit` events, newest first. With `afterId`: the next `limit` events after it, still newest first. */
  readonly events: (query: EventQuery) => Promise<readonly HistoryEvent[]>
  /** The names of all services that have a count before `untilMs`, in order. */
  readonly services: (query: { untilMs: number }) => Promise<readonly string[]>
  /** By service, then by time. */
  readonly counts: (query: CountQuery) => Promise<readonly ReplicaCount[]>
  /** The watches that overlap the time, by their start. */
  readonly watches: (query: { sinceMs: number; untilMs: number }) => Promise<readonly Watch[]>
  /** Counts and watches of all services in one call. Absent: there are more counts than `mostCounts`; ask for one service at a time. */
  readonly past: (query: PastQuery) => Promise<StoredPast | undefined>
  /** Removes a portion of the rows that retention does not allow. Resolves with how many: 0 when done. */
  readonly prune: (retention: Retention) => Promise<number>
  readonly close: () => Promise<void>
}
