import { askApi, type ToldEvent } from '../live/recorded.ts'
import type { ReceiverProcess } from '../receiver-process.ts'
import type { ToldChange } from './verdict/told.ts'

interface Page {
  readonly events: readonly ToldEvent[]
  readonly next?: string
}

/** Every change of replicas of a service that the history tells of, the first one first. */
export async function changesOf(receiver: ReceiverProcess, service: string): Promise<readonly ToldChange[]> {
  const all: ToldChange[] = []
  let cursor = ''
  do {
    const path = `events?service=${service}&kind=scaled,changed&limit=1000${cursor}`
    const { events, next } = (await askApi(receiver, path)) as Page
    all.push(...events.map((event) => toldChange(service, event)))
    cursor = next === undefined ? '' : `&cursor=${next}`
  } while (cursor !== '')
  return all.toReversed()
}

function toldChange(service: string, { at, from = 0, to = 0, actor }: ToldEvent): ToldChange {
  return { service, from, to, atMs: Date.parse(at), by: actor as ToldChange['by'] }
}

/** Something that was said at one moment, in ms since the epoch. */
export interface Saying {
  readonly atMs: number
  readonly text: string
}

/** The lines of the receiver's log that tell of an error. */
export function errorsOf({ log }: ReceiverProcess): readonly Saying[] {
  return log
    .filter(({ level }) => level === 'error' || level === 'fatal')
    .map((entry) => ({ atMs: Date.parse(String(entry['time'])), text: JSON.stringify(entry) }))
}
