import type { ReplicaCount, Watch } from '../../domain/replica-count.ts'
import { type Cell, countColumns, eventColumns, rowOfCount, rowOfEvent } from '../rows.ts'
import type { Sql } from '../sql.ts'
import type { Entry } from '../store.ts'
import type { ColumnsStatement, Connection } from './connection.ts'
import { schema } from './migrations.ts'

type EventEntry = Extract<Entry, { kind: 'event' | 'converged' | 'repeated' }>

const eventNames = eventColumns.map(([column]) => column)
const eventArrays = eventColumns.map(([, type], index) => `$${index + 1}::${arrayOf(type)}`)
const insertEvents = `INSERT INTO ${schema}.events (${eventNames.join(', ')})
  SELECT * FROM unnest(${eventArrays.join(', ')}) ON CONFLICT DO NOTHING`
const setConverged = `UPDATE ${schema}.events SET converged_ms = v.converged_ms
  FROM unnest($1::text[], $2::float8[]) AS v (id, converged_ms) WHERE events.id = v.id`
const setRepeated = `UPDATE ${schema}.events SET times = v.times, last_at_ms = v.last_at_ms
  FROM unnest($1::text[], $2::float8[], $3::float8[]) AS v (id, times, last_at_ms) WHERE events.id = v.id`
const countArrays =
  'unnest($1::text[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::boolean[])'
const insertCounts = `INSERT INTO ${schema}.counts (${countColumns.join(', ')})
  SELECT * FROM ${countArrays} ON CONFLICT DO NOTHING`
const replaceCounts = `UPDATE ${schema}.counts
  SET desired = v.desired, running = v.running, cost_per_hour = v.cost_per_hour, is_gone = v.is_gone
  FROM ${countArrays} AS v (${countColumns.join(', ')})
  WHERE counts.service = v.service AND counts.at_ms = v.at_ms`
const prolongWatches = `INSERT INTO ${schema}.watches (receiver, from_ms, until_ms)
  SELECT * FROM unnest($1::text[], $2::float8[], $3::float8[])
  ON CONFLICT (receiver, from_ms) DO UPDATE SET until_ms = greatest(watches.until_ms, excluded.until_ms)`

function arrayOf(type: 'text' | 'double'): string {
  return type === 'text' ? 'text[]' : 'float8[]'
}

/** Writes all entries in an open transaction, many rows per statement. */
export async function writeAll(connection: Connection, sql: Sql, entries: readonly Entry[]): Promise<void> {
  const events = await writeEvents(connection, entries)
  const counts = await writeCounts(connection, entries)
  await writeWatches(connection, entries)
  // Last, and always in this order: two writers wait for each other without a deadlock.
  if (events > 0) await connection.run(sql.resize('events', events))
  if (counts > 0) await connection.run(sql.resize('counts', counts))
}

/** Resolves with the number of new events. Keeps the order: an update of an event must come after it. */
async function writeEvents(connection: Connection, entries: readonly Entry[]): Promise<number> {
  let added = 0
  for (const run of runsOfOneKind(entries.filter(isOfEvent))) {
    const rows = await connection.run(eventStatement(run))
    if (run[0]?.kind === 'event') added += rows
  }
  return added
}

function isOfEvent(entry: Entry): entry is EventEntry {
  return entry.kind === 'event' || entry.kind === 'converged' || entry.kind === 'repeated'
}

function runsOfOneKind(entries: readonly EventEntry[]): readonly (readonly EventEntry[])[] {
  const runs: EventEntry[][] = []
  for (const entry of entries) {
    const last = runs.at(-1)
    if (last?.[0]?.kind === entry.kind) last.push(entry)
    else runs.push([entry])
  }
  return runs
}

function eventStatement(run: readonly EventEntry[]): ColumnsStatement {
  // A statement may use any of several rows with one ID, so it gets only the last.
  const rows = new Map<string, readonly Cell[]>()
  for (const entry of run) {
    if (entry.kind !== 'event') rows.set(entry.id, rowOfMore(entry))
    else if (!rows.has(entry.event.id)) rows.set(entry.event.id, rowOfEvent(entry.event))
  }
  const texts = { event: insertEvents, converged: setConverged, repeated: setRepeated }
  return { text: texts[run[0]?.kind ?? 'event'], values: columnsOf([...rows.values()]) }
}

function rowOfMore(entry: Exclude<EventEntry, { kind: 'event' }>): readonly Cell[] {
  if (entry.kind === 'converged') return [entry.id, entry.convergedMs]
  return [entry.id, entry.times, entry.lastAtMs]
}

/** Resolves with the number of new counts. */
async function writeCounts(connection: Connection, entries: readonly Entry[]): Promise<number> {
  const counts = new Map<string, ReplicaCount>()
  for (const entry of entries) {
    if (entry.kind === 'count') counts.set(`${entry.count.service}\n${entry.count.atMs}`, entry.count)
  }
  if (counts.size === 0) return 0
  // Two writers of the same counts must lock them in the same order.
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => rowOfCount(count))
  const values = columnsOf(sorted)
  const added = await connection.run({ text: insertCounts, values })
  if (added < counts.size) await connection.run({ text: replaceCounts, values })
  return added
}

async function writeWatches(connection: Connection, entries: readonly Entry[]): Promise<void> {
  const watches = new Map<string, Watch>()
  for (const entry of entries) {
    if (entry.kind !== 'watch') continue
    const key = `${entry.watch.receiver} ${entry.watch.fromMs}`
    const untilMs = Math.max(entry.watch.untilMs, watches.get(key)?.untilMs ?? 0)
    watches.set(key, { ...entry.watch, untilMs })
  }
  if (watches.size === 0) return
  const rows = [...watches.values()].map(({ receiver, fromMs, untilMs }) => [receiver, fromMs, untilMs])
  await connection.run({ text: prolongWatches, values: columnsOf(rows) })
}

function columnsOf(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? null))
}
