import type { HistoryFault, HistoryObserver } from '../../../src/history/ports.ts'

/** Remembers what was reported about writing the history. */
export class FakeHistoryObserver implements HistoryObserver {
  /** Entries of each write that went well. */
  readonly written: number[] = []
  /** How long each of them took, in ms. */
  readonly durationsMs: number[] = []
  readonly failures: { readonly code: string; readonly waiting: number }[] = []
  readonly waiting: number[] = []
  lost = 0
  pruned = 0

  historyWrote(entries: number, durationMs: number): void {
    this.written.push(entries)
    this.durationsMs.push(durationMs)
  }

  historyFailed({ code }: HistoryFault, waiting: number): void {
    this.failures.push({ code, waiting })
  }

  historyLost(entries: number): void {
    this.lost += entries
  }

  historyWaiting(entries: number): void {
    this.waiting.push(entries)
  }

  historyPruned(rows: number): void {
    this.pruned += rows
  }
}
