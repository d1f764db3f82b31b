/**
 * What can go wrong with the store of the record.
 * - `full`: no room on the disk. `read_only`: it may not be written. `damaged`: the file is no database, or a broken one.
 * - `unreachable`: the database server, or the disk, gave no answer, or a useless one. `timeout`: none in time.
 * - `refused`: the server denies the call. `newer`: the database was made by a newer version of the program.
 * - `store`: anything else, such as entries that it will never take.
 */
export type RecordErrorCode =
  | 'full'
  | 'read_only'
  | 'damaged'
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'newer'
  | 'store'

/** The one error that comes out of a `RecordStore`. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
  readonly code: RecordErrorCode

  constructor(code: RecordErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Makes a `RecordError` of whatever was thrown. */
export function toRecordError(thrown: unknown): RecordError {
  if (thrown instanceof RecordError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new RecordError('store', message, { cause: thrown })
}
