import type { EventKind } from '../../domain/event.ts'
import type { Event } from '../../receiver/api/schemas.ts'
import type { Column, LayoutOptions, Style } from '../../text/columns.ts'
import { clean } from '../client/text.ts'
import type { Times } from '../client/time.ts'
import { detailsOf, marksOf } from './details.ts'

const styles: Readonly<Record<EventKind, Style>> = {
  scaled: 'green',
  failed: 'red',
  dry_run: 'cyan',
  held: 'yellow',
  rejected: 'magenta',
  changed: 'blue',
}

/** The columns of a table of events, for narrower and narrower terminals. What has no column there is in the details. */
export function eventLayouts(times: Times, isTerminal: boolean): LayoutOptions<Event>['layouts'] {
  const service: Column<Event> = {
    title: 'SERVICE',
    cell: (event) => clean(event.service),
    minWidth: 12,
    reservedWidth: 16,
  }
  const what: Column<Event> = {
    title: 'EVENT',
    cell: ({ kind }) => kind,
    reservedWidth: 8,
    style: ({ kind }) => styles[kind],
  }
  const replicas: Column<Event> = { title: 'REPLICAS', cell: replicasOf, reservedWidth: 8 }
  const reason: Column<Event> = { title: 'REASON', cell: (event) => event.reason ?? '', reservedWidth: 13 }
  const limit: Column<Event> = {
    title: 'LIMITED BY',
    cell: (event) => event.limitedBy ?? '',
    reservedWidth: 12,
  }
  const actor: Column<Event> = { title: 'BY', cell: (event) => event.actor, reservedWidth: 10 }
  const time: Column<Event> = {
    title: 'TIME',
    cell: ({ at }) => (isTerminal ? times.full : times.rfc3339)(at),
  }
  const details: Column<Event> = { title: 'DETAILS', cell: (event) => detailsOf(event, times).join('; ') }
  const marked: Column<Event> = {
    title: 'DETAILS',
    cell: (event) => [...marksOf(event), ...detailsOf(event, times)].join('; '),
  }
  const dayTime: Column<Event> = { title: 'TIME', cell: ({ at }) => times.full(at).slice('2026-'.length) }
  const clock: Column<Event> = { title: 'TIME', cell: ({ at }) => times.full(at).slice('2026-01-15 '.length) }
  return [
    [time, service, what, replicas, reason, limit, actor, { ...details, minWidth: 40, reservedWidth: 48 }],
    [
      dayTime,
      service,
      what,
      replicas,
      { ...reason, minWidth: 8 },
      { ...marked, minWidth: 8, reservedWidth: 48 },
    ],
    [clock, { ...service, minWidth: 7 }, what, replicas],
  ]
}

/** `4->7`, or `4` if they did not change: one word, so that the columns of a line can be counted. */
function replicasOf({ from, to }: Event): string {
  if (from === undefined || to === undefined) return ''
  return from === to ? String(to) : `${from}->${to}`
}
