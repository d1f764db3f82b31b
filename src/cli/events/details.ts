import type { Event } from '../../receiver/api/schemas.ts'
import { clean, numberOf } from '../client/text.ts'
import { endOf, type Times } from '../client/time.ts'

/** What the columns of an event do not show, the most important first. */
export function detailsOf(event: Event, times: Times): readonly string[] {
  const { at, error, needed, to, until, times: often, lastAt, dryRun, kind } = event
  return [
    dryRun && kind !== 'dry_run' ? 'dry run' : undefined,
    error === undefined ? undefined : clean(`${error.code}: ${error.message}`),
    needed === undefined || needed === to ? undefined : `needs ${numberOf(needed)}`,
    until === undefined ? undefined : `until ${times.beside(endOf(until), at)}`,
    often === undefined ? undefined : `${often} times${lastOf(lastAt, at, times)}`,
    alertsOf(event),
  ].filter((part) => part !== undefined)
}

function lastOf(lastAt: string | undefined, at: string, times: Times): string {
  return lastAt === undefined ? '' : `, last ${times.beside(lastAt, at)}`
}

/** What has a column of its own on a wide terminal. */
export function marksOf({ limitedBy, actor }: Event): readonly string[] {
  return [
    ...(actor === 'autoscaler' ? [] : [`by ${actor}`]),
    ...(limitedBy === undefined ? [] : [`limit ${limitedBy}`]),
  ]
}

/** The alert that decided, its summary first, and the number of other active alerts. */
function alertsOf({ alerts }: Event): string | undefined {
  const [first, ...others] = alerts
  if (first === undefined) return undefined
  const { name, value, summary } = first
  const alert = value === undefined ? name : `${name} ${value}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return clean(summary === undefined ? `${alert}${more}` : `${summary} (${alert}${more})`)
}
