/**
 * What can go wrong with the store of the history.
 * - `full`: no room on the disk. `read_only`: it may not be written. `damaged`: the file is no database, or a broken one.
 * - `unreachable`: the database server, or the disk, gave no answer, or a useless one. `timeout`: none in time.
 * - `refused`: the server denies the call. `newer`: the database was made by a newer version of the program.
 * - `store`: anything else, such as entries that it will never take.
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

/** The one error that comes out of a `HistoryStore`. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code: HistoryErrorCode

  constructor(code: HistoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Makes a `HistoryError` of whatever was thrown. */
export function toHistoryError(thrown: unknown): HistoryError {
  if (thrown instanceof HistoryError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new HistoryError('store', message, { cause: thrown })
}
