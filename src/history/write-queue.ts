import type { Clock } from '../reconcile/ports.ts'
import { type HistoryError, toHistoryError } from './history-error.ts'
import type { HistoryObserver } from './ports.ts'
import type { Entry, HistoryStore } from './store.ts'

export interface WriteQueueOptions {
  readonly store: Pick<HistoryStore, 'write'>
  readonly clock: Clock
  readonly observer: HistoryObserver
  /** Most entries that wait in memory; the oldest are given up first. Default 10,000. */
  readonly mostWaiting?: number
}

/** Why nothing is written now. */
export interface WriteFault {
  readonly error: HistoryError
  /** In ms since the epoch. */
  readonly sinceMs: number
  /** Entries given up since then. */
  readonly lost: number
}

/** Most entries of one write: many enough to catch up, few enough that nobody waits long. */
const mostAtOnce = 500
const firstRetryMs = 1_000
const lastRetryMs = 30_000
/** An entry that the store alone refuses so often is given up: it must not hold back all that follow. */
const mostRefusals = 5

/**
 * What waits to be written. It is written at once, in order, what came in meanwhile together; where the store fails it waits and is
 * tried again and again. Nobody waits for it, and nothing here throws.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #waiting: Entry[] = []
  /** How many of those that wait, from the oldest on, the store is writing at this moment. */
  #underWay = 0
  /** How many of those that wait, from the oldest on, were refused together: one of them may be to blame. */
  #suspects = 0
  #drain: Promise<void> | undefined
  #fault: WriteFault | undefined
  /** Failures in a row, and how many of them were refusals of the oldest entry alone. */
  #failures = 0
  #refusals = 0
  #isStopped = false
  #cancelRetry: () => void = () => {}

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  add(entry: Entry): void {
    this.#put(entry)
    const surplus = this.#waiting.length - (this.#options.mostWaiting ?? 10_000)
    if (surplus > 0) this.#giveUp(surplus)
    this.#options.observer.historyWaiting(this.#waiting.length)
    if (this.#fault === undefined) this.#drain ??= this.#drainNow()
  }

  /** What is not written yet, the oldest first. */
  get waiting(): readonly Entry[] {
    return this.#waiting
  }

  get fault(): WriteFault | undefined {
    return this.#fault
  }

  get isIdle(): boolean {
    return this.#drain === undefined
  }

  /** Resolves when nothing waits, or cannot be written for now. */
  async idle(): Promise<void> {
    while (this.#drain !== undefined) await this.#drain
  }

  /** Lets a write under way end, or tries once to write what waits, and then no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelRetry()
    this.#drain ??= this.#drainNow()
    await this.#drain
  }

  /** What is told again and again, each time more of it, waits once: with the store away for days it would drive out all else. */
  #put(entry: Entry): void {
    const subject = subjectOf(entry)
    const index =
      subject === undefined ? -1 : this.#waiting.findLastIndex((other) => subjectOf(other) === subject)
    if (index < this.#underWay) this.#waiting.push(entry)
    else this.#waiting[index] = entry
  }

  async #drainNow(): Promise<void> {
    // All that is told in the same breath is written in one go.
    await Promise.resolve()
    while (this.#waiting.length > 0 && (await this.#writeSome()));
    // What was refused for good is no reason to wait any longer.
    if (this.#waiting.length === 0) this.#fault = undefined
    this.#drain = undefined
  }

  /** Whether it went well. */
  async #writeSome(): Promise<boolean> {
    // After a refusal one at a time, so that one bad entry costs the others nothing.
    const batch = this.#waiting.slice(0, this.#suspects > 0 ? 1 : mostAtOnce)
    this.#underWay = batch.length
    const startedMs = performance.now()
    try {
      await this.#options.store.write(batch)
    } catch (thrown) {
      this.#underWay = 0
      this.#failed(toHistoryError(thrown), batch.length)
      return false
    }
    this.#underWay = 0
    this.#wrote(batch.length, performance.now() - startedMs)
    return true
  }

  #wrote(entries: number, durationMs: number): void {
    const { observer } = this.#options
    this.#waiting.splice(0, entries)
    this.#suspects = Math.max(0, this.#suspects - entries)
    this.#fault = undefined
    this.#failures = 0
    this.#refusals = 0
    observer.historyWrote(entries, durationMs)
    observer.historyWaiting(this.#waiting.length)
  }

  #failed(error: HistoryError, entries: number): void {
    const { clock, observer } = this.#options
    const { sinceMs = clock.nowMs(), lost = 0 } = this.#fault ?? {}
    this.#fault = { error, sinceMs, lost }
    this.#failures++
    if (error.code === 'store') this.#refused(entries)
    observer.historyFailed(error, this.#waiting.length)
    if (this.#isStopped) return
    const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10))
    this.#cancelRetry = clock.after(delayMs, () => {
      this.#drain ??= this.#drainNow()
    })
  }

  #refused(entries: number): void {
    this.#suspects = Math.max(this.#suspects, entries)
    if (entries > 1 || ++this.#refusals < mostRefusals) return
    this.#giveUp(1)
    this.#failures = 1
    this.#refusals = 0
  }

  /** The oldest, but none that the store may be about to have. */
  #giveUp(count: number): void {
    this.#waiting.splice(this.#underWay, count)
    this.#suspects = Math.max(0, this.#suspects - count)
    if (this.#fault !== undefined) this.#fault = { ...this.#fault, lost: this.#fault.lost + count }
    this.#options.observer.historyLost(count)
  }
}

/** What the entry is about, where it leaves nothing of an earlier one about the same. Absent: it is news of its own. */
function subjectOf(entry: Entry): string | undefined {
  if (entry.kind === 'repeated') return `event ${entry.id}`
  return entry.kind === 'watch' ? `watch ${entry.watch.receiver} ${entry.watch.fromMs}` : undefined
}
