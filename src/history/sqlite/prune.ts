import { startOf } from '../event-ids.ts'
import { afterAllIds, type Sql } from '../sql.ts'
import type { Retention } from '../store.ts'
import type { Connection } from './connection.ts'

/** Most rows of each table that one call removes. */
const portion = 1_000
/** Most pages of the file that one call frees, and the share of free pages that is kept for new rows. */
const pagesAtOnce = 1_000
const mostFree = 1 / 8

/** Removes some of the rows that retention does not allow. Returns how many: 0 when done. */
export function pruneSome(connection: Connection, sql: Sql, retention: Retention): number {
  const removed = connection.transaction(() => {
    const events = pruneEvents(connection, sql, retention)
    const counts = pruneCounts(connection, sql, retention)
    return events + counts + connection.run(sql.removeWatches(retention.beforeMs, portion))
  })
  shrink(connection)
  return removed
}

function pruneEvents(connection: Connection, sql: Sql, retention: Retention): number {
  const removed = connection.run(sql.removeEvents(firstEvent(connection, sql, retention), portion))
  if (removed > 0) connection.run(sql.resize('events', -removed))
  return removed
}

function pruneCounts(connection: Connection, sql: Sql, retention: Retention): number {
  const removed = connection.run(sql.removeCounts(firstCount(connection, sql, retention), portion))
  if (removed > 0) connection.run(sql.resize('counts', -removed))
  return removed
}

/** Events before this ID are removed. */
function firstEvent(connection: Connection, sql: Sql, { beforeMs, mostRows }: Retention): string {
  const tooOld = startOf(beforeMs)
  const surplus = Math.min(portion, surplusOf(connection, sql, 'events', mostRows))
  if (surplus <= 0) return tooOld
  const first = String(connection.first(sql.firstEventToKeep(surplus))?.['first'] ?? afterAllIds)
  return first > tooOld ? first : tooOld
}

/** Counts before this time are removed, in ms since the epoch. */
function firstCount(connection: Connection, sql: Sql, { beforeMs, mostRows }: Retention): number {
  const surplus = surplusOf(connection, sql, 'counts', mostRows)
  if (surplus <= 0) return beforeMs
  return Math.max(beforeMs, Number(connection.first(sql.firstCountToKeep(surplus))?.['first'] ?? beforeMs))
}

function surplusOf(connection: Connection, sql: Sql, table: 'events' | 'counts', mostRows: number): number {
  return Number(connection.first(sql.size(table))?.['row_count'] ?? 0) - mostRows
}

/** Makes the file smaller if much of it is free. Free pages are reused before the file grows. */
function shrink(connection: Connection): void {
  const free = connection.pragma('freelist_count')
  if (free > connection.pragma('page_count') * mostFree)
    connection.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`)
}
