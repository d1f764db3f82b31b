import { defined } from '../domain/defined.ts'
import type { HistoryEvent } from '../domain/event.ts'
import type { ReplicaCount, Watch } from '../domain/replica-count.ts'

/** The value of a column. Numbers are doubles, as in the program, so none is changed. */
export type Cell = string | number | null
export type Row = Readonly<Record<string, unknown>>

/** A column, its type, and its field of the event. */
type EventColumn = readonly [
  column: string,
  type: 'text' | 'double',
  field: Exclude<keyof HistoryEvent, 'alerts' | 'error'>,
]

const plainColumns: readonly EventColumn[] = [
  ['id', 'text', 'id'],
  ['at_ms', 'double', 'atMs'],
  ['service', 'text', 'service'],
  ['kind', 'text', 'kind'],
  ['reason', 'text', 'reason'],
  ['replicas_before', 'double', 'from'],
  ['replicas_after', 'double', 'to'],
  ['needed', 'double', 'needed'],
  ['limited_by', 'text', 'limitedBy'],
  ['actor', 'text', 'actor'],
  ['until_ms', 'double', 'untilMs'],
  ['service_version', 'double', 'serviceVersion'],
  ['autoscaler_version', 'text', 'autoscalerVersion'],
  ['reaction_ms', 'double', 'reactionMs'],
  ['converged_ms', 'double', 'convergedMs'],
  ['times', 'double', 'times'],
  ['last_at_ms', 'double', 'lastAtMs'],
]

/** The columns of the table `events`, with their types, in the order of `rowOfEvent`. */
export const eventColumns: readonly (readonly [column: string, type: 'text' | 'double'])[] = [
  ...plainColumns.map(([column, type]) => [column, type] as const),
  ['alerts', 'text'],
  ['error_code', 'text'],
  ['error_message', 'text'],
]

export const countColumns = ['service', 'at_ms', 'desired', 'running', 'cost_per_hour', 'is_gone'] as const

export function rowOfEvent(event: HistoryEvent): readonly Cell[] {
  const { alerts, error } = event
  const plain = plainColumns.map(([column, , field]) =>
    column === 'service' ? nameCell(event.service) : cellOf(event[field]),
  )
  return [...plain, JSON.stringify(alerts), cellOf(error?.code), cellOf(error?.message)]
}

export function eventOfRow(row: Row): HistoryEvent {
  const plain = plainColumns.map(([column, , field]) => [field, row[column] ?? undefined])
  const { alerts, error_code: code, error_message: message } = row
  return defined({
    ...Object.fromEntries(plain),
    alerts: JSON.parse(String(alerts)),
    error: code === null ? undefined : { code, message },
  }) as unknown as HistoryEvent
}

export function rowOfCount({
  service,
  atMs,
  desired,
  running,
  costPerHour,
  isGone,
}: ReplicaCount): readonly Cell[] {
  return [nameCell(service), atMs, desired, cellOf(running), cellOf(costPerHour), isGone ? 1 : null]
}

/** Counts by service, and then by time. */
export function countsOfRows(rows: readonly Row[]): readonly ReplicaCount[] {
  return rows.map(countOfRow).sort((a, b) => {
    if (a.service === b.service) return a.atMs - b.atMs
    return a.service < b.service ? -1 : 1
  })
}

/** Written for speed: there can be very many rows. */
function countOfRow(row: Row): ReplicaCount {
  const { service, at_ms: atMs, desired, running, cost_per_hour: costPerHour, is_gone: isGone } = row
  const count: Record<string, unknown> = { service, atMs, desired }
  if (running !== null) count['running'] = running
  if (costPerHour !== null) count['costPerHour'] = costPerHour
  if (isGone !== null) count['isGone'] = true
  return count as unknown as ReplicaCount
}

export function watchOfRow(row: Row): Watch {
  return { receiver: row['receiver'], fromMs: row['from_ms'], untilMs: row['until_ms'] } as Watch
}

/** Longest name that is kept, in characters. An alert may name anything, and an index has a limit. */
const longestName = 500

/** The name of a service as it is stored and queried. */
export function nameCell(name: string): string {
  return textCell(name.slice(0, longestName))
}

function cellOf(value: string | number | undefined): Cell {
  return value === undefined ? null : typeof value === 'string' ? textCell(value) : value
}

/** PostgreSQL rejects NUL, and all databases reject lone surrogates. */
function textCell(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
