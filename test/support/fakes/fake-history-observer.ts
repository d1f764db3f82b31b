import type { HistoryError, HistoryErrorCode } from '../../../src/history/history-error.ts'
import type { HistoryObserver } from '../../../src/history/ports.ts'

/** Remembers what it was told of the keeping of the history. */
export class FakeHistoryObserver implements HistoryObserver {
  /** Entries of each write that went well. */
  readonly written: number[] = []
  readonly failures: { readonly code: HistoryErrorCode; readonly waiting: number }[] = []
  readonly waiting: number[] = []
  lost = 0
  pruned = 0

  recordWrote(entries: number): void {
    this.written.push(entries)
  }

  recordFailed({ code }: HistoryError, waiting: number): void {
    this.failures.push({ code, waiting })
  }

  recordLost(entries: number): void {
    this.lost += entries
  }

  recordWaiting(entries: number): void {
    this.waiting.push(entries)
  }

  recordPruned(rows: number): void {
    this.pruned += rows
  }
}
