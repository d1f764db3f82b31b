import { askApi, type RecordedEvent } from '../live/recorded.ts'
import type { ReceiverProcess } from '../receiver-process.ts'
import type { RecordedChange } from './verdict/recorded.ts'

interface Page {
  readonly events: readonly RecordedEvent[]
  readonly next?: string
}

/** Every change of replicas of a service in the history, the first one first. */
export async function changesOf(
  receiver: ReceiverProcess,
  service: string,
): Promise<readonly RecordedChange[]> {
  const all: RecordedChange[] = []
  let cursor = ''
  do {
    const path = `events?service=${service}&kind=scaled,changed&limit=1000${cursor}`
    const { events, next } = (await askApi(receiver, path)) as Page
    all.push(...events.map((event) => recordedChange(service, event)))
    cursor = next === undefined ? '' : `&cursor=${next}`
  } while (cursor !== '')
  return all.toReversed()
}

function recordedChange(service: string, { at, from = 0, to = 0, actor }: RecordedEvent): RecordedChange {
  return { service, from, to, atMs: Date.parse(at), by: actor as RecordedChange['by'] }
}

/** A message at one moment, in ms since the epoch. */
export interface Saying {
  readonly atMs: number
  readonly text: string
}

/** The error lines of the receiver's log. */
export function errorsOf({ log }: ReceiverProcess): readonly Saying[] {
  return log
    .filter(({ level }) => level === 'error' || level === 'fatal')
    .map((entry) => ({ atMs: Date.parse(String(entry['time'])), text: JSON.stringify(entry) }))
}
