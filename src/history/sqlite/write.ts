import type { ReplicaCount } from '../../domain/replica-count.ts'
import { countColumns, eventColumns, rowOfCount, rowOfEvent } from '../rows.ts'
import type { Sql } from '../sql.ts'
import type { Entry } from '../store.ts'
import type { Connection } from './connection.ts'

const insertEvent = insertInto(
  'events',
  eventColumns.map(([column]) => column),
)
const insertCount = insertInto('counts', countColumns)
const replaceCount = `UPDATE counts SET desired = $3, running = $4, cost_per_hour = $5, is_gone = $6
  WHERE service = $1 AND at_ms = $2`
const setConverged = 'UPDATE events SET converged_ms = $2 WHERE id = $1'
const setRepeated = 'UPDATE events SET times = $2, last_at_ms = $3 WHERE id = $1'
const prolongWatch = `INSERT INTO watches (receiver, from_ms, until_ms) VALUES ($1, $2, $3)
  ON CONFLICT (receiver, from_ms) DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`

function insertInto(table: string, columns: readonly string[]): string {
  const values = columns.map((_, index) => `$${index + 1}`)
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')}) ON CONFLICT DO NOTHING`
}

/** Writes all entries in order, or none. */
export function writeAll(connection: Connection, sql: Sql, entries: readonly Entry[]): void {
  connection.transaction(() => {
    const added = { events: 0, counts: 0 }
    for (const entry of entries) {
      const rows = writeOne(connection, entry)
      if (entry.kind === 'event') added.events += rows
      if (entry.kind === 'count') added.counts += rows
    }
    if (added.events > 0) connection.run(sql.resize('events', added.events))
    if (added.counts > 0) connection.run(sql.resize('counts', added.counts))
  })
}

/** Returns the number of rows added or changed. */
function writeOne(connection: Connection, entry: Entry): number {
  switch (entry.kind) {
    case 'event':
      return connection.run({ text: insertEvent, values: rowOfEvent(entry.event) })
    case 'converged':
      return connection.run({ text: setConverged, values: [entry.id, entry.convergedMs] })
    case 'repeated':
      return connection.run({ text: setRepeated, values: [entry.id, entry.times, entry.lastAtMs] })
    case 'count':
      return writeCount(connection, entry.count)
    case 'watch': {
      const { receiver, fromMs, untilMs } = entry.watch
      return connection.run({ text: prolongWatch, values: [receiver, fromMs, untilMs] })
    }
  }
}

/** Returns 1 for a new count, and 0 for one that is replaced. */
function writeCount(connection: Connection, count: ReplicaCount): number {
  const values = rowOfCount(count)
  const added = connection.run({ text: insertCount, values })
  if (added === 0) connection.run({ text: replaceCount, values })
  return added
}
