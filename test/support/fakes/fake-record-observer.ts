import type { RecordObserver } from '../../../src/history/ports.ts'
import type { RecordError, RecordErrorCode } from '../../../src/history/record-error.ts'

/** Remembers what it was told of the keeping of the record. */
export class FakeRecordObserver implements RecordObserver {
  /** Entries of each write that went well. */
  readonly written: number[] = []
  readonly failures: { readonly code: RecordErrorCode; readonly waiting: number }[] = []
  readonly waiting: number[] = []
  lost = 0
  pruned = 0

  recordWrote(entries: number): void {
    this.written.push(entries)
  }

  recordFailed({ code }: RecordError, waiting: number): void {
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
