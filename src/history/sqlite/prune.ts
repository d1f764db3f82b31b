import { startOf } from '../event-ids.ts'
import { afterAllIds, type Sql } from '../sql.ts'
import type { Retention } from '../store.ts'
import type { Connection } from './connection.ts'

/** Rows of each table that go in one call. */
const portion = 1_000
/** Pages of the file that are given back in one call, and the share of them that is kept for what comes. */
const pagesAtOnce = 1_000
const mostFree = 1 / 8

/** Removes some of what may not be kept. Answers how many rows: 0 when done. */
export function pruneSome(connection: Connection, sql: Sql, retention: Retention): number {
  const removed = connection.transaction(() => {
    const events = pruneEvents(connection, sql, retention)
    const counts = pruneCounts(connection, sql, retention)
    return events + counts + connection.run(sql.removeWatches(retention.beforeMs, portion))
  })
  giveBack(connection)
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

/** The id before which events go. */
function firstEvent(connection: Connection, sql: Sql, { beforeMs, mostRows }: Retention): string {
  const tooOld = startOf(beforeMs)
  const surplus = Math.min(portion, surplusOf(connection, sql, 'events', mostRows))
  if (surplus <= 0) return tooOld
  const first = String(connection.first(sql.firstEventToKeep(surplus))?.['first'] ?? afterAllIds)
  return first > tooOld ? first : tooOld
}

/** The time before which counts go, in ms since the epoch. */
function firstCount(connection: Connection, sql: Sql, { beforeMs, mostRows }: Retention): number {
  const surplus = surplusOf(connection, sql, 'counts', mostRows)
  if (surplus <= 0) return beforeMs
  return Math.max(beforeMs, Number(connection.first(sql.firstCountToKeep(surplus))?.['first'] ?? beforeMs))
}

function surplusOf(connection: Connection, sql: Sql, table: 'events' | 'counts', mostRows: number): number {
  return Number(connection.first(sql.size(table))?.['row_count'] ?? 0) - mostRows
}

/** Makes the file smaller where much of it is free. What is left free is filled again before the file grows. */
function giveBack(connection: Connection): void {
  const free = connection.pragma('freelist_count')
  if (free > connection.pragma('page_count') * mostFree)
    connection.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`)
}
