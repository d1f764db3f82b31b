import type { Log } from './work.ts'

/** Rejects with `error` once `cleanUp` has ended. What fails while cleaning up is logged: it never hides the first error. */
export async function failAfter(error: unknown, cleanUp: () => Promise<unknown>, log: Log): Promise<never> {
  await cleanUp().catch((second: unknown) =>
    log(`while cleaning up: ${second instanceof Error ? second.message : second}`),
  )
  throw error
}

/** Uses what has to be closed, and closes it in any case. A failure to close is an error only where the use was none. */
export async function useAndClose<T>(
  use: () => Promise<T>,
  close: () => Promise<unknown>,
  log: Log,
): Promise<T> {
  const result = await use().catch((error: unknown) => failAfter(error, close, log))
  await close()
  return result
}

/** Waits for all, and rejects with the first that failed: nothing of what is taken down next is still being made. */
export async function all<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}
