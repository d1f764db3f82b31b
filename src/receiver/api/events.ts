import type { RequestHandler } from 'express'
import { defined } from '../../domain/defined.ts'
import type { EventQuery, HistoryEvent } from '../../domain/event.ts'
import type { HistoryReader, ServiceViews } from '../ports.ts'
import { freshnessOf, head, offer, timeOf } from './answer.ts'
import { eventsInCsv } from './csv.ts'
import { eventView } from './event-view.ts'
import { nameOf } from './name-of.ts'
import { cursorOf, EventsQuery, momentMs } from './parameters.ts'
import { faultOf, invalidQuery, readQuery } from './query.ts'
import type { EventsAnswer } from './schemas/event.ts'

/** `GET /api/v1/events`: the history, the newest first, page by page. */
export function listEvents(
  history: Pick<HistoryReader, 'events'>,
  services: Pick<ServiceViews, 'statuses'>,
  nowMs: () => number,
): RequestHandler {
  return async (request, response) => {
    const type = offer(request, ['application/json', 'text/csv'])
    const query = readQuery(EventsQuery, request)
    const filter = filterOf(query, services, nowMs())
    const events = await history.events(filter)
    const next = await nextOf(events, filter, history)
    if (next !== undefined) response.set('Link', `<?${inQuery(query, filter, next)}>; rel="next"`)
    head(response, freshnessOf(query.since, query.until, nowMs()))
    const views = events.map(eventView)
    if (type === 'text/csv') {
      response.type('text/csv; charset=utf-8; header=present').send(eventsInCsv(views))
      return
    }
    const newest = events[0]?.id ?? query.after
    const answer: EventsAnswer = { events: views, ...defined({ next, newest }) }
    response.json(answer)
  }
}

function filterOf(query: EventsQuery, services: Pick<ServiceViews, 'statuses'>, nowMs: number): EventQuery {
  const { service, kind: kinds, since, until, limit, cursor: beforeId, after: afterId } = query
  const sinceMs = since && momentMs(since, nowMs)
  const untilMs = until && momentMs(until, nowMs)
  const faults: string[] = []
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)
    faults.push(faultOf('since', `must be before until (${timeOf(untilMs)})`, timeOf(sinceMs)))
  if (beforeId !== undefined && afterId !== undefined)
    faults.push('cursor and after exclude each other; use one of them')
  if (faults.length > 0) throw invalidQuery(faults)
  const name = service === undefined ? undefined : nameOf(service, services)
  return { ...defined({ service: name, kinds, sinceMs, untilMs, beforeId, afterId }), limit }
}

/** Where the next page begins. Absent: there is none. */
async function nextOf(
  events: readonly HistoryEvent[],
  { afterId, ...filter }: EventQuery,
  history: Pick<HistoryReader, 'events'>,
): Promise<string | undefined> {
  const last = events.at(-1)
  if (last === undefined || events.length < filter.limit || afterId !== undefined) return undefined
  const more = await history.events({ ...filter, beforeId: last.id, limit: 1 })
  return more.length === 0 ? undefined : cursorOf(last.id)
}

/** The query of the next page. Durations before now become times, so that all pages are about the same period. */
function inQuery(
  { service, kind, limit }: EventsQuery,
  { sinceMs, untilMs }: EventQuery,
  cursor: string,
): string {
  const since = timeOf(sinceMs)
  const until = timeOf(untilMs)
  const parameters = defined({ service, kind: kind?.join(','), since, until, limit: String(limit), cursor })
  return new URLSearchParams(Object.entries(parameters)).toString()
}
