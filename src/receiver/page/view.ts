import type { HistoryEvent } from '../../domain/event.ts'
import type { LastWebhook } from '../last-webhook.ts'
import type { HistoryStatus, ReceiverDependencies } from '../ports.ts'
import type { PageCache, Past } from './page-cache.ts'
import { type PageQuery, spans } from './query.ts'
import { type ServicesView, servicesOf } from './services-view.ts'

/** Most events on a page. */
const eventsPerPage = 50

interface EventsView {
  readonly shown: readonly HistoryEvent[]
  /** Where the page of older events begins. Absent: there are none. */
  readonly olderBeforeId?: string
}

/** Everything that the page shows. */
export interface PageView {
  readonly nowMs: number
  readonly version: string
  readonly currency: string
  readonly query: PageQuery
  /** The faults of the query. */
  readonly faults: readonly string[]
  /** Whether no service is changed. */
  readonly isDryRun: boolean
  /** Why Docker cannot be used. Absent: it can. */
  readonly dockerFault?: string
  readonly history: HistoryStatus
  readonly webhook: Pick<LastWebhook, 'last' | 'lastOk'>
  readonly services: ServicesView
  readonly events: EventsView
  readonly day: Past
  readonly month: Past
}

export type PageSources = Pick<
  ReceiverDependencies,
  'services' | 'history' | 'version' | 'currency' | 'isDryRun' | 'nowMs'
> & { readonly cache: PageCache; readonly lastWebhook: Pick<LastWebhook, 'last' | 'lastOk'> }

/** Reads everything that the page shows. */
export async function viewOf(
  sources: PageSources,
  query: PageQuery,
  faults: readonly string[],
): Promise<PageView> {
  const { history, version, currency, isDryRun, nowMs, cache, lastWebhook: webhook } = sources
  const [dockerFault, day, month, events] = await Promise.all([
    cache.dockerFault(),
    cache.day(),
    cache.month(),
    faults.length > 0 ? { shown: [] } : eventsOf(history, query, nowMs()),
  ])
  const atMs = nowMs()
  const services = servicesOf(sources.services, query, day, atMs)
  return {
    nowMs: atMs,
    version,
    currency,
    isDryRun,
    query,
    faults,
    ...(dockerFault === undefined ? {} : { dockerFault }),
    history: history.status(),
    webhook,
    services,
    events,
    day,
    month,
  }
}

async function eventsOf(
  history: PageSources['history'],
  { service, kind, last, sinceMs, untilMs, beforeId }: PageQuery,
  nowMs: number,
): Promise<EventsView> {
  const fromMs = sinceMs ?? (last === undefined ? undefined : nowMs - spans[last].ms)
  const found = await history.events({
    ...(service === undefined ? {} : { service }),
    ...(kind === undefined ? {} : { kinds: [kind] }),
    ...(fromMs === undefined ? {} : { sinceMs: fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(beforeId === undefined ? {} : { beforeId }),
    // One more shows whether there are older ones.
    limit: eventsPerPage + 1,
  })
  const shown = found.slice(0, eventsPerPage)
  const lastId = shown.at(-1)?.id
  return found.length > shown.length && lastId !== undefined ? { shown, olderBeforeId: lastId } : { shown }
}
