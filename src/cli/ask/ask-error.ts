/**
 * Why there was no answer.
 * - `away`: nobody answers, or cannot now; it may pass.
 * - `refused`: what was asked is wrong, or whoever asks may not.
 * - `foreign`: the answer is none that is understood.
 */
type AskErrorCode = 'away' | 'refused' | 'foreign'

/** Why a receiver could not be asked, in words for the user. */
export class AskError extends Error {
  override readonly name = 'AskError'
  readonly code: AskErrorCode

  constructor(code: AskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
