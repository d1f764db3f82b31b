/**
 * Why a request failed.
 * - `unavailable`: no answer, or the receiver cannot answer now; a retry may succeed.
 * - `rejected`: the request is wrong, or not allowed.
 * - `incompatible`: the answer is not one of this version.
 */
type ReceiverErrorCode = 'unavailable' | 'rejected' | 'incompatible'

/** A request to a receiver failed. The message is for the user. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError'
  readonly code: ReceiverErrorCode

  constructor(code: ReceiverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
