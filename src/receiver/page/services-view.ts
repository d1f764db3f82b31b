import { type Bounds, boundsAt } from '../../decide/bounds.ts'
import type { NextChanges } from '../../decide/next-change.ts'
import type { Policy } from '../../domain/policy.ts'
import type { ServiceStatus } from '../../reconcile/status.ts'
import type { ServiceViews } from '../ports.ts'
import { type Badge, badgeOf, needsAttention } from './badge.ts'
import type { PastDay } from './page-cache.ts'
import type { PageQuery } from './query.ts'
import { type Timeline, timelineOf } from './timeline.ts'

/** Most services on a page. */
export const servicesPerPage = 100

/** A service as the page shows it. */
export interface ServiceView {
  readonly status: ServiceStatus
  readonly badge: Badge
  readonly timeline: Timeline
  /** Absent if the policy is not valid. */
  readonly policy?: Policy
  readonly bounds?: Bounds
  readonly next?: NextChanges
}

/** A service and its badge, for a list of names. */
export interface NamedBadge {
  readonly name: string
  readonly badge: Badge
}

export interface ServicesView {
  /** Every service with autoscaler labels, by name. */
  readonly all: readonly NamedBadge[]
  /** Replicas of all of them, as far as known. */
  readonly desired: number
  readonly running: number
  /** Number of services that match the search. */
  readonly found: number
  readonly page: number
  readonly pages: number
  /** Those of this page, by name. */
  readonly shown: readonly ServiceView[]
}

/** The services of one page, with totals over all of them. */
export function servicesOf(
  services: ServiceViews,
  query: PageQuery,
  day: PastDay,
  nowMs: number,
): ServicesView {
  const statuses = services.statuses()
  const wanted = query.search?.toLowerCase() ?? ''
  const found = statuses.filter(({ service }) => service.name.toLowerCase().includes(wanted))
  const pages = Math.max(1, Math.ceil(found.length / servicesPerPage))
  const page = Math.min(query.page, pages)
  const shown = found.slice((page - 1) * servicesPerPage, page * servicesPerPage)
  return {
    all: statuses.map((status) => ({ name: status.service.name, badge: badgeOf(status, nowMs) })),
    desired: statuses.reduce((sum, { service }) => sum + service.desiredReplicas, 0),
    running: statuses.reduce((sum, { service }) => sum + (service.runningReplicas ?? 0), 0),
    found: found.length,
    page,
    pages,
    shown: shown.map((status) => serviceView(services, status, day, nowMs)),
  }
}

function serviceView(
  services: ServiceViews,
  status: ServiceStatus,
  day: PastDay,
  nowMs: number,
): ServiceView {
  const { name, policy: reading } = status.service
  const policy = reading.kind === 'valid' ? reading.policy : undefined
  const next = services.status(name)?.next
  const gaps = day.cost.get(name)?.gaps ?? []
  return {
    status,
    badge: badgeOf(status, nowMs),
    timeline: timelineOf(day.counts.get(name) ?? [], gaps, day.sinceMs, day.untilMs),
    ...(policy === undefined ? {} : { policy, bounds: boundsAt(policy, nowMs) }),
    ...(next === undefined ? {} : { next }),
  }
}

/** The services that need attention. */
export function attentionOf({ all }: ServicesView): readonly NamedBadge[] {
  return all.filter(({ badge }) => needsAttention(badge))
}
