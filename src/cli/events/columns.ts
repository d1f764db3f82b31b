import type { EventKind } from '../../domain/event.ts'
import type { Event } from '../../receiver/api/schemas.ts'
import type { Column, LayoutOptions } from '../ask/layout.ts'
import type { Style } from '../ask/ports.ts'
import { clean } from '../ask/text.ts'
import type { Times } from '../ask/time.ts'
import { detailsOf, marksOf } from './details.ts'

const styles: Readonly<Record<EventKind, Style>> = {
  scaled: 'green',
  failed: 'red',
  dry_run: 'cyan',
  held: 'yellow',
  rejected: 'magenta',
  changed: 'blue',
}

/** The columns of a table of events, for ever narrower terminals. What has no column there stands in the details. */
export function eventLayouts(times: Times, isTerminal: boolean): LayoutOptions<Event>['layouts'] {
  const service: Column<Event> = {
    title: 'SERVICE',
    cell: (event) => clean(event.service),
    least: 12,
    usual: 16,
  }
  const what: Column<Event> = {
    title: 'EVENT',
    cell: ({ kind }) => kind,
    usual: 8,
    style: ({ kind }) => styles[kind],
  }
  const replicas: Column<Event> = { title: 'REPLICAS', cell: replicasOf, usual: 8 }
  const reason: Column<Event> = { title: 'REASON', cell: (event) => event.reason ?? '', usual: 13 }
  const limit: Column<Event> = { title: 'LIMITED BY', cell: (event) => event.limitedBy ?? '', usual: 12 }
  const actor: Column<Event> = { title: 'BY', cell: (event) => event.actor, usual: 10 }
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
    [time, service, what, replicas, reason, limit, actor, { ...details, least: 40, usual: 48 }],
    [dayTime, service, what, replicas, { ...reason, least: 8 }, { ...marked, least: 8, usual: 48 }],
    [clock, { ...service, least: 7 }, what, replicas],
  ]
}

/** `4->7`, or `4` where they stay: one word, so that the columns of a line can be counted. */
function replicasOf({ from, to }: Event): string {
  if (from === undefined || to === undefined) return ''
  return from === to ? String(to) : `${from}->${to}`
}
