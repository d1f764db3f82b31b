import { type Bounds, boundsAt } from '../../decide/bounds.ts'
import type { NextChanges } from '../../decide/next-change.ts'
import type { HistoryEvent } from '../../domain/event.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ServiceStatus } from '../../reconcile/status.ts'
import type { LastWebhook } from '../last-webhook.ts'
import type { HistoryStatus, ReceiverDependencies } from '../ports.ts'
import type { Look, Past, PastDay } from './look.ts'
import { type PageQuery, spans } from './query.ts'
import { needsAttention, type Status, statusOf } from './status.ts'
import { type Timeline, timelineOf } from './timeline.ts'

/** Services that one page shows. */
export const servicesPerPage = 100
/** Events that one page shows. */
const eventsPerPage = 50

/** A service as the page shows it. */
export interface ServiceView {
  readonly standing: ServiceStatus
  readonly status: Status
  readonly timeline: Timeline
  /** Absent where the policy is not valid. */
  readonly policy?: Policy
  readonly bounds?: Bounds
  readonly next?: NextChanges
}

/** A service and how it stands, for a list of names. */
export interface NamedStatus {
  readonly name: string
  readonly status: Status
}

export interface ServicesView {
  /** Of every service that speaks of the autoscaler. */
  readonly all: readonly NamedStatus[]
  /** Replicas of all of them, where they are known. */
  readonly desired: number
  readonly running: number
  /** How many the search finds. */
  readonly found: number
  readonly page: number
  readonly pages: number
  /** Those of this page, by name. */
  readonly shown: readonly ServiceView[]
}

interface EventsView {
  readonly shown: readonly HistoryEvent[]
  /** Where the page of older ones begins. Absent: there are none. */
  readonly olderBeforeId?: string
}

/** All that the page shows. */
export interface PageView {
  readonly nowMs: number
  readonly version: string
  readonly currency: string
  readonly query: PageQuery
  /** What is wrong with what was asked. */
  readonly faults: readonly string[]
  /** Whether nothing at all is changed. */
  readonly isDryRun: boolean
  /** Why Docker cannot be worked with. Absent where it can. */
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
> & { readonly look: Look; readonly lastWebhook: Pick<LastWebhook, 'last' | 'lastOk'> }

/** Reads all that the page shows. */
export async function viewOf(
  sources: PageSources,
  query: PageQuery,
  faults: readonly string[],
): Promise<PageView> {
  const { history, version, currency, isDryRun, nowMs, look, lastWebhook: webhook } = sources
  const [dockerFault, day, month, events] = await Promise.all([
    look.dockerFault(),
    look.day(),
    look.month(),
    faults.length > 0 ? { shown: [] } : eventsOf(history, query, nowMs()),
  ])
  const atMs = nowMs()
  const services = servicesOf(sources, query, day, atMs)
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
    // One more tells whether there are older ones.
    limit: eventsPerPage + 1,
  })
  const shown = found.slice(0, eventsPerPage)
  const lastId = shown.at(-1)?.id
  return found.length > shown.length && lastId !== undefined ? { shown, olderBeforeId: lastId } : { shown }
}

function servicesOf({ services }: PageSources, query: PageQuery, day: PastDay, nowMs: number): ServicesView {
  const standings = services.statuses()
  const wanted = query.search?.toLowerCase() ?? ''
  const found = standings.filter(({ service }) => service.name.toLowerCase().includes(wanted))
  const pages = Math.max(1, Math.ceil(found.length / servicesPerPage))
  const page = Math.min(query.page, pages)
  const shown = found.slice((page - 1) * servicesPerPage, page * servicesPerPage)
  return {
    all: standings.map((standing) => ({
      name: standing.service.name,
      status: statusOf(standing, nowMs),
    })),
    desired: standings.reduce((sum, { service }) => sum + service.desiredReplicas, 0),
    running: standings.reduce((sum, { service }) => sum + (service.runningReplicas ?? 0), 0),
    found: found.length,
    page,
    pages,
    shown: shown.map((standing) => serviceView(services, standing, day, nowMs)),
  }
}

function serviceView(
  services: PageSources['services'],
  standing: ServiceStatus,
  day: PastDay,
  nowMs: number,
): ServiceView {
  const { name, policy: reading } = standing.service
  const policy = reading.kind === 'valid' ? reading.policy : undefined
  const next = services.status(name)?.next
  return {
    standing,
    status: statusOf(standing, nowMs),
    timeline: timelineOf(
      day.counts.get(name) ?? [],
      day.cost.get(name)?.gaps ?? [],
      day.sinceMs,
      day.untilMs,
    ),
    ...(policy === undefined ? {} : { policy, bounds: boundsAt(policy, nowMs) }),
    ...(next === undefined ? {} : { next }),
  }
}

/** The services that somebody should look at. */
export function attentionOf({ all }: ServicesView): readonly NamedStatus[] {
  return all.filter(({ status }) => needsAttention(status))
}
