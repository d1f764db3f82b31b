import { setTimeout as sleep } from 'node:timers/promises'
import { Patience } from './patience.ts'

export type WaitOptions = {
  /** What is waited for: "Prometheus to find web". */
  readonly for: string
  /** Of the time that the machine gives: see `Patience`. */
  readonly timeoutMs: number
  /** Default: 250 ms. */
  readonly everyMs?: number
  /** How long one answer may take before it counts as never to come. Default: `timeoutMs`, and a minute at least. */
  readonly answerWithinMs?: number
  readonly signal?: AbortSignal | undefined
  /** Asked once the time is over: what may explain it. */
  readonly explain?: () => Promise<string>
}

const leastAnswerWithinMs = 60_000

/** How often a deadline is looked at while an answer is waited for, in ms. */
const glanceMs = 250

/**
 * Asks `probe` until it gives something other than undefined, and returns that. A probe that throws is asked again, and once more
 * after the deadline. Rejects then, naming what was waited for and the probe's last error; and where a probe does not answer at all.
 */
export async function waitFor<T>(probe: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const patience = new Patience(options.timeoutMs)
  const answerWithinMs = options.answerWithinMs ?? Math.max(options.timeoutMs, leastAnswerWithinMs)
  const limit = { for: 'an answer', timeoutMs: answerWithinMs }
  let failure = ''
  for (let isLast = false; !isLast; ) {
    isLast = patience.isOver()
    options.signal?.throwIfAborted()
    const attempt = await within(probe, limit).then(
      (answer) => ({ answer, failure: '', hung: false }),
      (error: unknown) => ({ answer: undefined, failure: messageOf(error), hung: isOutOf(limit, error) }),
    )
    if (attempt.answer !== undefined) return attempt.answer
    failure = attempt.failure
    isLast ||= attempt.hung
    if (!isLast) await sleep(options.everyMs ?? 250, undefined, { signal: options.signal })
  }
  patience.isOver()
  const explained = await options.explain?.().catch((error: unknown) => `no explanation: ${messageOf(error)}`)
  const details = [failure, explained ?? ''].filter((detail) => detail !== '')
  throw new Error(
    [`waited ${patience} in vain for ${options.for}${details.length > 0 ? ':' : ''}`, ...details].join('\n'),
  )
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const isOutOf = (limit: Limit, error: unknown) => error instanceof OutOfPatience && error.limit === limit

/** Waits until `assertion` does not throw. Rejects at the deadline with what it threw last. */
export async function eventually(assertion: () => unknown, timeoutMs = 30_000): Promise<void> {
  const probe = async () => {
    await assertion()
    return true
  }
  await waitFor(probe, { for: 'an assertion to hold', timeoutMs, everyMs: 5 })
}

type Limit = Pick<WaitOptions, 'for' | 'timeoutMs'>

class OutOfPatience extends Error {
  override readonly name = 'OutOfPatience'
  readonly limit: Limit

  constructor(patience: Patience, limit: Limit) {
    super(`waited ${patience} in vain for ${limit.for}`)
    this.limit = limit
  }
}

/**
 * What `action` resolves with. Rejects when it has not within so much of the machine's time; the signal that it was given, for
 * `fetch` and the like, is aborted then.
 */
export async function within<T>(action: (signal: AbortSignal) => Promise<T>, limit: Limit): Promise<T> {
  const patience = new Patience(limit.timeoutMs)
  const controller = new AbortController()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const glance = setInterval(() => {
    if (!patience.isOver()) return
    const error = new OutOfPatience(patience, limit)
    reject(error)
    controller.abort(error)
  }, glanceMs)
  try {
    return await Promise.race([action(controller.signal), over])
  } finally {
    clearInterval(glance)
  }
}
