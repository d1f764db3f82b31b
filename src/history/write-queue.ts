import type { Clock } from '../reconcile/ports.ts'
import { type HistoryError, toHistoryError } from './history-error.ts'
import type { HistoryObserver } from './ports.ts'
import type { Entry, HistoryStore } from './store.ts'

export interface WriteQueueOptions {
  readonly store: Pick<HistoryStore, 'write'>
  readonly clock: Clock
  readonly observer: HistoryObserver
  /** Most entries that wait in memory; the oldest are dropped first. Default 10,000. */
  readonly mostWaiting?: number
}

/** Why writing fails. */
export interface WriteFault {
  readonly error: HistoryError
  /** In ms since the epoch. */
  readonly sinceMs: number
  /** Entries dropped since then. */
  readonly lost: number
}

/** Most entries of one write: enough to catch up, and few enough to be fast. */
const mostAtOnce = 500
const firstRetryMs = 1_000
const lastRetryMs = 30_000
/** A single entry that is rejected this often is dropped: it must not block the entries after it. */
const mostRejections = 5

/**
 * Writes entries in order as soon as they are added; entries added during a write are written together. After a failure it keeps them
 * and retries. Callers do not wait, and nothing here throws.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #waiting: Entry[] = []
  /** How many of the waiting entries, from the oldest, are being written now. */
  #writing = 0
  /** How many of the waiting entries, from the oldest, were rejected together: one of them may be the cause. */
  #suspects = 0
  #drain: Promise<void> | undefined
  #fault: WriteFault | undefined
  /** Failures in a row, and how many of them were rejections of the oldest entry alone. */
  #failures = 0
  #rejections = 0
  #isStopped = false
  #cancelRetry: () => void = () => {}

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  add(entry: Entry): void {
    this.#put(entry)
    const surplus = this.#waiting.length - (this.#options.mostWaiting ?? 10_000)
    if (surplus > 0) this.#drop(surplus)
    this.#options.observer.historyWaiting(this.#waiting.length)
    if (this.#fault === undefined) this.#drain ??= this.#drainNow()
  }

  /** The entries that are not written yet, oldest first. */
  get waiting(): readonly Entry[] {
    return this.#waiting
  }

  get fault(): WriteFault | undefined {
    return this.#fault
  }

  get isIdle(): boolean {
    return this.#drain === undefined
  }

  /** Resolves when nothing waits, or when writing fails. */
  async idle(): Promise<void> {
    while (this.#drain !== undefined) await this.#drain
  }

  /** Waits for the current write, or tries once to write the waiting entries. No writes after that. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelRetry()
    this.#drain ??= this.#drainNow()
    await this.#drain
  }

  /** An entry that replaces an earlier one takes its place: during a long failure such entries would push out all others. */
  #put(entry: Entry): void {
    const subject = subjectOf(entry)
    const index =
      subject === undefined ? -1 : this.#waiting.findLastIndex((other) => subjectOf(other) === subject)
    if (index < this.#writing) this.#waiting.push(entry)
    else this.#waiting[index] = entry
  }

  async #drainNow(): Promise<void> {
    // Entries added in the same tick are written together.
    await Promise.resolve()
    while (this.#waiting.length > 0 && (await this.#writeSome()));
    // Nothing is left: the last entry was dropped.
    if (this.#waiting.length === 0) this.#fault = undefined
    this.#drain = undefined
  }

  /** Resolves with whether it succeeded. */
  async #writeSome(): Promise<boolean> {
    // After a rejection one at a time, so that one bad entry does not affect the others.
    const batch = this.#waiting.slice(0, this.#suspects > 0 ? 1 : mostAtOnce)
    this.#writing = batch.length
    const startedMs = performance.now()
    try {
      await this.#options.store.write(batch)
    } catch (thrown) {
      this.#writing = 0
      this.#failed(toHistoryError(thrown), batch.length)
      return false
    }
    this.#writing = 0
    this.#wrote(batch.length, performance.now() - startedMs)
    return true
  }

  #wrote(entries: number, durationMs: number): void {
    const { observer } = this.#options
    this.#waiting.splice(0, entries)
    this.#suspects = Math.max(0, this.#suspects - entries)
    this.#fault = undefined
    this.#failures = 0
    this.#rejections = 0
    observer.historyWrote(entries, durationMs)
    observer.historyWaiting(this.#waiting.length)
  }

  #failed(error: HistoryError, entries: number): void {
    const { clock, observer } = this.#options
    const { sinceMs = clock.nowMs(), lost = 0 } = this.#fault ?? {}
    this.#fault = { error, sinceMs, lost }
    this.#failures++
    if (error.code === 'store') this.#rejected(entries)
    observer.historyFailed(error, this.#waiting.length)
    if (this.#isStopped) return
    const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10))
    this.#cancelRetry = clock.after(delayMs, () => {
      this.#drain ??= this.#drainNow()
    })
  }

  #rejected(entries: number): void {
    this.#suspects = Math.max(this.#suspects, entries)
    if (entries > 1 || ++this.#rejections < mostRejections) return
    this.#drop(1)
    this.#failures = 1
    this.#rejections = 0
  }

  /** Drops the oldest entries, except those being written. */
  #drop(count: number): void {
    this.#waiting.splice(this.#writing, count)
    this.#suspects = Math.max(0, this.#suspects - count)
    if (this.#fault !== undefined) this.#fault = { ...this.#fault, lost: this.#fault.lost + count }
    this.#options.observer.historyLost(count)
  }
}

/** Identifies entries that replace each other. Absent: the entry replaces none. */
function subjectOf(entry: Entry): string | undefined {
  if (entry.kind === 'repeated') return `event ${entry.id}`
  return entry.kind === 'watch' ? `watch ${entry.watch.receiver} ${entry.watch.fromMs}` : undefined
}
