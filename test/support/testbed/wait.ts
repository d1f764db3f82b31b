import { setTimeout as sleep } from 'node:timers/promises'

export type WaitOptions = {
  /** What is waited for: "Prometheus to find web". */
  readonly for: string
  readonly timeoutMs: number
  /** Default: 250 ms. */
  readonly everyMs?: number
  readonly signal?: AbortSignal | undefined
  /** Asked once the time is over: what may explain it. */
  readonly explain?: () => Promise<string>
}

/**
 * Asks `probe` until it gives something other than undefined, and returns that. A probe that throws is asked again. Rejects at
 * the deadline, naming what was waited for and the probe's last error.
 */
export async function waitFor<T>(probe: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const deadline = Date.now() + options.timeoutMs
  let lastError: unknown
  do {
    options.signal?.throwIfAborted()
    try {
      const answer = await probe()
      if (answer !== undefined) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await sleep(options.everyMs ?? 250, undefined, options.signal ? { signal: options.signal } : {})
  } while (Date.now() < deadline)
  const details = [lastError instanceof Error ? lastError.message : '', (await options.explain?.()) ?? '']
  const reason = details.filter((detail) => detail !== '').join('\n')
  throw new Error(
    `waited ${options.timeoutMs / 1_000} s in vain for ${options.for}${reason && `:\n${reason}`}`,
  )
}
