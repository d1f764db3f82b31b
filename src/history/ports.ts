import type { HistoryError } from './history-error.ts'

/** Receives how writing the history goes. Never throws. */
export interface HistoryObserver {
  /** This many entries were written, in this time. */
  readonly historyWrote: (entries: number, durationMs: number) => void
  /** They could not be; `waiting` are kept in memory. */
  readonly historyFailed: (error: HistoryError, waiting: number) => void
  /** This many entries were lost: memory is full, or the store accepts all but them. */
  readonly historyLost: (entries: number) => void
  /** How many entries wait to be written. */
  readonly historyWaiting: (entries: number) => void
  /** This many rows were removed because they were too old or too many. */
  readonly historyPruned: (rows: number) => void
}
