import { Worker } from 'node:worker_threads'
import pTimeout from 'p-timeout'
import { HistoryError, toHistoryError } from '../history-error.ts'
import type { HistoryStore } from '../store.ts'
import type { Answer, Argument, Call, Name, Value } from './thread-messages.ts'

/** Longest call, in ms. */
const defaultTimeoutMs = 5_000

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: HistoryError) => void
}

/**
 * The history in an SQLite file. SQLite is synchronous, so it has its own thread: a slow disk, or another program that locks the
 * file, does not delay scaling.
 */
export class SqliteStore implements HistoryStore {
  readonly #path: string
  readonly #timeoutMs: number
  readonly #waiting = new Map<number, Waiting>()
  #thread: Worker | undefined
  #calls = 0
  #isClosed = false

  constructor(path: string, timeoutMs: number = defaultTimeoutMs) {
    this.#path = path
    this.#timeoutMs = timeoutMs
  }

  readonly write: HistoryStore['write'] = (entries) => this.#call('write', entries)
  readonly events: HistoryStore['events'] = (query) => this.#call('events', query)
  readonly services: HistoryStore['services'] = (query) => this.#call('services', query)
  readonly counts: HistoryStore['counts'] = (query) => this.#call('counts', query)
  readonly watches: HistoryStore['watches'] = (query) => this.#call('watches', query)
  readonly past: HistoryStore['past'] = (query) => this.#call('past', query)
  readonly prune: HistoryStore['prune'] = (retention) => this.#call('prune', retention)

  readonly close = async (): Promise<void> => {
    const thread = this.#thread
    try {
      if (thread !== undefined && !this.#isClosed) await this.#call('close', undefined)
    } finally {
      this.#isClosed = true
      // Not awaited: it does not end while the disk hangs.
      thread?.terminate()
    }
  }

  async #call<N extends Name>(name: N, argument: Argument<N>): Promise<Value<N>> {
    if (this.#isClosed) throw new HistoryError('store', `${this.#path}: the history is closed`)
    const id = ++this.#calls
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { resolve, reject })
    try {
      const call: Call = { id, untilMs: Date.now() + this.#timeoutMs, name, argument }
      this.#running().postMessage(call)
      const giveUp = () => {
        throw this.#late()
      }
      return (await pTimeout(promise, { milliseconds: this.#timeoutMs, fallback: giveUp })) as Value<N>
    } catch (thrown) {
      throw toHistoryError(thrown)
    } finally {
      this.#waiting.delete(id)
    }
  }

  #running(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const thread = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: this.#path })
    thread.on('message', (answer: Answer) => this.#answered(answer))
    thread.on('error', (error: Error) => this.#ended(thread, error.message))
    thread.on('exit', (status) => this.#ended(thread, `exit status ${status}`))
    // It must not keep the process alive. A pending call has its own timer.
    thread.unref()
    this.#thread = thread
    return thread
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    if ('value' in answer) waiting?.resolve(answer.value)
    else waiting?.reject(new HistoryError(answer.error.code, answer.error.message))
  }

  /** The next call starts another thread. */
  #ended(thread: Worker, why: string): void {
    if (this.#thread !== thread) return
    this.#thread = undefined
    for (const { reject } of this.#waiting.values())
      reject(new HistoryError('unreachable', `${this.#path}: its thread ended: ${why}`))
  }

  #late(): HistoryError {
    const message = `${this.#path}: no answer within ${this.#timeoutMs} ms; check whether its disk hangs`
    return new HistoryError('timeout', message)
  }
}
