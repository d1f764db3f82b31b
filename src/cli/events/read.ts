import { EventsAnswer } from '../../receiver/api/schemas.ts'
import type { ReceiverClient } from '../client/receiver-client.ts'
import type { EventsOptions } from './options.ts'

/** An event: its known fields, and all fields of the answer. */
export interface ReadEvent {
  readonly event: EventsAnswer['events'][number]
  readonly whole: unknown
}

type Filter = Pick<EventsOptions, 'service' | 'kinds' | 'since' | 'until'>

/** Maximum number of events in one answer of the API. */
const pageSize = 1_000
const path = '/api/v1/events'

/** Before the first event. */
const beginning = '0'

/** The newest `limit` events, the oldest of them first, and the ID to read on after. */
export async function readNewest(
  client: ReceiverClient,
  filter: Filter,
  limit: number,
  signal?: AbortSignal,
): Promise<{ events: readonly ReadEvent[]; newest: string }> {
  const newestFirst: ReadEvent[] = []
  let newest: string | undefined
  let cursor: string | undefined
  do {
    // With a limit of 0 one request is still needed for the newest ID.
    const left = Math.min(pageSize, Math.max(1, limit - newestFirst.length))
    const page = await readPage(client, { ...queryOf(filter), limit: left, cursor }, signal)
    newest ??= page.newest ?? beginning
    newestFirst.push(...page.events)
    cursor = page.next
  } while (cursor !== undefined && newestFirst.length < limit)
  return { events: newestFirst.slice(0, limit).toReversed(), newest }
}

/** The events after this one, the oldest first, and whether there may be more already. */
export async function readAfter(
  client: ReceiverClient,
  filter: Filter,
  after: string,
  signal?: AbortSignal,
): Promise<{ events: readonly ReadEvent[]; mayHaveMore: boolean }> {
  const { events } = await readPage(client, { ...queryOf(filter), limit: pageSize, after }, signal)
  return { events: events.toReversed(), mayHaveMore: events.length >= pageSize }
}

async function readPage(
  client: ReceiverClient,
  query: Readonly<Record<string, string | number | undefined>>,
  signal?: AbortSignal,
) {
  const { known, whole } = await client.get(path, {
    schema: EventsAnswer,
    query,
    ...(signal === undefined ? {} : { signal }),
  })
  const wholes = (whole as { events: readonly unknown[] }).events
  const events = known.events.map((event, index): ReadEvent => ({ event, whole: wholes[index] }))
  return { events, next: known.next, newest: known.newest }
}

function queryOf({ service, kinds, since, until }: Filter) {
  return { service, kind: kinds?.join(','), since, until }
}
