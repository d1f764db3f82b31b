import type { Clock } from '../../reconcile/ports.ts'
import { AskError } from '../ask/ask-error.ts'
import type { ReadEvent } from './read.ts'

export interface FollowOptions {
  /** The events after one, the oldest first, and whether there may be more by now. */
  readonly readAfter: (
    id: string,
    signal: AbortSignal,
  ) => Promise<{ events: readonly ReadEvent[]; mayHaveMore: boolean }>
  /** The last event that is not asked for. */
  readonly after: string
  readonly print: (events: readonly ReadEvent[]) => void
  /** Says something that is no event. */
  readonly say: (line: string) => void
  readonly clock: Clock
  /** Ends it. */
  readonly signal: AbortSignal
}

/** How often new events are asked for, in ms. */
const intervalMs = 1_000

/** How far it has got. */
interface Progress {
  after: string
  isAway: boolean
}

/**
 * Prints each new event once, in order, until it is ended. A receiver that is away is waited for: what happens meanwhile is
 * printed when it is back. Throws an `AskError` where it does not let itself be asked any more.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { signal } = options
  const progress: Progress = { after: options.after, isAway: false }
  while (!signal.aborted) {
    await wait(options)
    let mayHaveMore = !signal.aborted
    while (mayHaveMore) mayHaveMore = await printNext(progress, options)
  }
}

/** Resolves with whether there may be more already. */
async function printNext(
  progress: Progress,
  { readAfter, print, say, signal }: FollowOptions,
): Promise<boolean> {
  try {
    const { events, mayHaveMore } = await readAfter(progress.after, signal)
    if (progress.isAway) say('the receiver is back')
    progress.isAway = false
    print(events)
    progress.after = events.at(-1)?.event.id ?? progress.after
    return mayHaveMore && !signal.aborted
  } catch (error) {
    if (signal.aborted) return false
    if (!(error instanceof AskError) || error.code !== 'away') throw error
    if (!progress.isAway) say(`${error.message}; waiting for it`)
    progress.isAway = true
    return false
  }
}

/** Resolves after the interval, or when it is ended. */
async function wait({ clock, signal }: FollowOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = () => resolve()
  const cancel = clock.after(intervalMs, resolve)
  signal.addEventListener('abort', end, { once: true })
  await promise
  cancel()
  signal.removeEventListener('abort', end)
}
