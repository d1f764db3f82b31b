import { startOf } from '../event-ids.ts'
import { afterAllIds, type Sql } from '../sql.ts'
import type { Retention } from '../store.ts'
import type { Connection } from './connection.ts'

/** Most rows of each table that one call removes. */
const portion = 1_000

/** Removes some of the rows that retention does not allow, in an open transaction. Resolves with how many: 0 when done. */
export async function pruneSome(connection: Connection, sql: Sql, retention: Retention): Promise<number> {
  const events = await connection.run(sql.removeEvents(await firstEvent(connection, sql, retention), portion))
  const counts = await connection.run(sql.removeCounts(await firstCount(connection, sql, retention), portion))
  const watches = await connection.run(sql.removeWatches(retention.beforeMs, portion))
  // Last, and in the same order as all writes, to avoid deadlocks.
  if (events > 0) await connection.run(sql.resize('events', -events))
  if (counts > 0) await connection.run(sql.resize('counts', -counts))
  return events + counts + watches
}

/** Events before this ID are removed. */
async function firstEvent(
  connection: Connection,
  sql: Sql,
  { beforeMs, mostRows }: Retention,
): Promise<string> {
  const tooOld = startOf(beforeMs)
  const surplus = Math.min(portion, await surplusOf(connection, sql, 'events', mostRows))
  if (surplus <= 0) return tooOld
  const [row] = await connection.all(sql.firstEventToKeep(surplus))
  const first = String(row?.['first'] ?? afterAllIds)
  return first > tooOld ? first : tooOld
}

/** Counts before this time are removed, in ms since the epoch. */
async function firstCount(
  connection: Connection,
  sql: Sql,
  { beforeMs, mostRows }: Retention,
): Promise<number> {
  const surplus = await surplusOf(connection, sql, 'counts', mostRows)
  if (surplus <= 0) return beforeMs
  const [row] = await connection.all(sql.firstCountToKeep(surplus))
  return Math.max(beforeMs, Number(row?.['first'] ?? beforeMs))
}

async function surplusOf(connection: Connection, sql: Sql, table: 'events' | 'counts', mostRows: number) {
  const [row] = await connection.all(sql.size(table))
  return Number(row?.['row_count'] ?? 0) - mostRows
}
