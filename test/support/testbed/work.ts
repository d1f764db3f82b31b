import { dirname } from 'node:path'

/** The repository's root. */
export const repository = dirname(dirname(dirname(import.meta.dirname)))

/** This machine cannot carry a test bed; the message says what to install or do. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

export type Log = (line: string) => void

/** How a longer piece of work speaks, and how it is stopped. */
export type Work = {
  readonly log: Log
  readonly signal: AbortSignal
  /** Does `action` and logs `title` with the seconds it took; the title is logged at once as well if it takes longer. */
  step<T>(title: string, action: () => Promise<T>): Promise<T>
}

export function newWork(log: Log, signal: AbortSignal = new AbortController().signal): Work {
  const step = async <T>(title: string, action: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const startedMs = performance.now()
    const announce = setTimeout(() => log(`${title} ...`), 2_000)
    try {
      const result = await action()
      log(`${title} (${((performance.now() - startedMs) / 1_000).toFixed(1)} s)`)
      return result
    } finally {
      clearTimeout(announce)
    }
  }
  return { log, signal, step }
}
