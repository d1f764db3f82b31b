import pTimeout from 'p-timeout'

/**
 * Gives a call of the engine up after `timeoutMs`, with a `DOMException` of the name `TimeoutError`. The signal alone is not
 * enough: the client never settles when the connection breaks in the middle of an answer.
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
