/** Why the history could not be written. */
export interface HistoryFault {
  /** From a closed list, for metrics. */
  readonly code: string
  /** What is wrong, and what to do. */
  readonly message: string
}

/** Reports whether the history is written. Never throws. */
export interface HistoryObserver {
  /** This number of entries was written, in this time. */
  readonly historyWrote: (entries: number, durationMs: number) => void
  /** Entries could not be written; `waiting` are kept in memory. */
  readonly historyFailed: (fault: HistoryFault, waiting: number) => void
  /** This number of entries was given up: memory is full, or the store rejects only them. */
  readonly historyLost: (entries: number) => void
  /** The number of entries that wait to be written. */
  readonly historyWaiting: (entries: number) => void
  /** This number of rows was removed, because they were too old or too many. */
  readonly historyPruned: (rows: number) => void
}
