import type { HistoryError } from './history-error.ts'

/** Is told how the keeping of the history goes. Never throws. */
export interface HistoryObserver {
  /** So many entries were written, in so long. */
  readonly recordWrote: (entries: number, durationMs: number) => void
  /** They could not be; `waiting` are kept in memory. */
  readonly recordFailed: (error: HistoryError, waiting: number) => void
  /** So many entries had to be given up: memory is full, or the store takes all but them. */
  readonly recordLost: (entries: number) => void
  /** How many entries wait to be written. */
  readonly recordWaiting: (entries: number) => void
  /** So many rows were removed because they were too old or too many. */
  readonly recordPruned: (rows: number) => void
}
