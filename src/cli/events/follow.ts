import type { Clock } from '../../reconcile/ports.ts'
import { ReceiverError } from '../client/receiver-error.ts'
import type { ReadEvent } from './read.ts'

export interface FollowOptions {
  /** The events after this one, the oldest first, and whether there may be more already. */
  readonly readAfter: (
    id: string,
    signal: AbortSignal,
  ) => Promise<{ events: readonly ReadEvent[]; mayHaveMore: boolean }>
  /** The last event that is already printed. */
  readonly after: string
  readonly print: (events: readonly ReadEvent[]) => void
  /** Prints a message that is not an event. */
  readonly notify: (line: string) => void
  readonly clock: Clock
  /** Ends it. */
  readonly signal: AbortSignal
}

/** Interval of requests for new events, in ms. */
const intervalMs = 1_000

/** The last event that was printed, and whether the receiver answers. */
interface Progress {
  after: string
  isUnavailable: boolean
}

/**
 * Prints each new event once, in order, until `signal`. While the receiver is unavailable it retries, and prints what was missed later.
 * Throws a `ReceiverError` if the receiver rejects the requests.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { signal } = options
  const progress: Progress = { after: options.after, isUnavailable: false }
  while (!signal.aborted) {
    await wait(options)
    let mayHaveMore = !signal.aborted
    while (mayHaveMore) mayHaveMore = await printNext(progress, options)
  }
}

/** Resolves with whether there may be more already. */
async function printNext(
  progress: Progress,
  { readAfter, print, notify, signal }: FollowOptions,
): Promise<boolean> {
  try {
    const { events, mayHaveMore } = await readAfter(progress.after, signal)
    if (progress.isUnavailable) notify('the receiver answers again')
    progress.isUnavailable = false
    print(events)
    progress.after = events.at(-1)?.event.id ?? progress.after
    return mayHaveMore && !signal.aborted
  } catch (error) {
    if (signal.aborted) return false
    if (!(error instanceof ReceiverError) || error.code !== 'unavailable') throw error
    if (!progress.isUnavailable) notify(`${error.message}; waiting for it`)
    progress.isUnavailable = true
    return false
  }
}

/** Resolves after the interval, or on `signal`. */
async function wait({ clock, signal }: FollowOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = () => resolve()
  const cancel = clock.after(intervalMs, resolve)
  signal.addEventListener('abort', end, { once: true })
  await promise
  cancel()
  signal.removeEventListener('abort', end)
}
