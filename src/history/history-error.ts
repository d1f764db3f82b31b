/**
 * Faults of the store.
 * - `full`: the disk is full. `read_only`: it cannot be written. `damaged`: the file is not a database, or is corrupt.
 * - `unreachable`: the server or the disk gave no usable answer. `timeout`: it gave none in time.
 * - `refused`: the server denied the call. `newer`: a newer version of the program made the database.
 * - `store`: anything else, such as entries that it never accepts.
 */
export type HistoryErrorCode =
  | 'full'
  | 'read_only'
  | 'damaged'
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'newer'
  | 'store'

/** The only error that a `HistoryStore` throws. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code: HistoryErrorCode

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Turns any error into a `HistoryError`. */
export function toHistoryError(thrown: unknown): HistoryError {
  if (thrown instanceof HistoryError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new HistoryError('store', message, { cause: thrown })
}
