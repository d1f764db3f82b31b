import pTimeout from 'p-timeout'

/**
 * Aborts a call to the engine after `timeoutMs`, and rejects with a `DOMException` of the name `TimeoutError`. The signal alone is
 * not enough: the client never settles if the connection breaks in the middle of an answer.
 */
export async function withinTime<T>(timeoutMs: number, call: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const giveUp = () => {
    const error = new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')
    abort.abort(error)
    throw error
  }
  return await pTimeout(call(abort.signal), { milliseconds: timeoutMs, fallback: giveUp })
}
