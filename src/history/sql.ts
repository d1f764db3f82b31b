import { type EventQuery, eventKinds } from '../domain/event.ts'
import { startOf } from './event-ids.ts'
import { type Cell, countColumns, eventColumns, nameCell } from './rows.ts'
import type { CountQuery } from './store.ts'

/** A statement with the values of its parameters `$1`, `$2` … */
export interface Statement {
  readonly text: string
  readonly values: readonly Cell[]
}

/** Greater than every ID. */
export const afterAllIds = '~'

const eventList = eventColumns.map(([column]) => column).join(', ')

/**
 * The statements that SQLite and PostgreSQL share, for tables in `schema`. Each uses an index, and reads little more than it
 * answers.
 */
export class Sql {
  readonly #schema: string

  constructor(schema: string) {
    this.#schema = schema
  }

  /** The events of the query, newest first; with `afterId` oldest first. Absent: there can be none. */
  events(query: EventQuery): Statement | undefined {
    const { service, kinds, sinceMs, untilMs, beforeId = afterAllIds, afterId = '', limit } = query
    // An ID is longer than a time prefix, so greater than the prefix means not before that time.
    const after = greater(afterId, sinceMs === undefined ? '' : startOf(sinceMs))
    const before = less(beforeId, untilMs === undefined ? afterAllIds : startOf(untilMs))
    const order = query.afterId === undefined ? 'DESC' : 'ASC'
    const range = [after, before, limit]
    const select = `SELECT ${eventList} FROM ${this.#schema}.events WHERE`
    const page = `ORDER BY id ${order}`
    if (service === undefined && kinds === undefined)
      return { text: `${select} id > $1 AND id < $2 ${page} LIMIT $3`, values: range }
    const each = [...new Set(kinds ?? eventKinds)]
    if (each.length === 0) return undefined
    const values = [...range, ...each, ...(service === undefined ? [] : [nameCell(service)])]
    // The index has the events of one kind in order, but not those of several: read up to the limit of each kind.
    const parts = each.map((_, index) => {
      const ofService = service === undefined ? '' : ` AND service = $${values.length}`
      const where = `kind = $${index + 4}${ofService} AND id > $1 AND id < $2`
      return `SELECT id FROM (SELECT id FROM ${this.#schema}.events WHERE ${where} ${page} LIMIT $3) AS k${index}`
    })
    const ids = `SELECT id FROM (${parts.join(' UNION ALL ')}) AS found ${page} LIMIT $3`
    return { text: `${select} id IN (${ids}) ${page}`, values }
  }

  /** The names of the services that have a count before the time, in order. */
  services({ untilMs }: { readonly untilMs: number }): Statement {
    const counts = `${this.#schema}.counts`
    return {
      text: `WITH RECURSIVE names(service) AS (${this.#everyName()})
        SELECT service FROM names WHERE service IS NOT NULL
        AND EXISTS (SELECT 1 FROM ${counts} c WHERE c.service = names.service AND c.at_ms < $1) ORDER BY service`,
      values: [untilMs],
    }
  }

  /** The counts of the query, in any order: they come almost sorted, and sorting them here is faster than in the database. */
  counts({ service, sinceMs, untilMs }: CountQuery): Statement {
    const counts = `${this.#schema}.counts`
    const names =
      service === undefined ? this.#everyName() : `SELECT min(service) FROM ${counts} WHERE service = $3`
    const last = `SELECT max(at_ms) FROM ${counts} l WHERE l.service = names.service AND l.at_ms <= $1 AND l.at_ms < $2`
    return {
      text: `WITH RECURSIVE names(service) AS (${names}),
        firsts(service, from_ms) AS (SELECT service, coalesce((${last}), $1) FROM names WHERE service IS NOT NULL)
        SELECT ${countColumns.map((column) => `c.${column}`).join(', ')}
        FROM firsts JOIN ${counts} c ON c.service = firsts.service AND c.at_ms >= firsts.from_ms AND c.at_ms < $2`,
      values: service === undefined ? [sinceMs, untilMs] : [sinceMs, untilMs, nameCell(service)],
    }
  }

  /** At most `limit` counts of all services, in any order. */
  someCounts(limit: number, span: { readonly sinceMs: number; readonly untilMs: number }): Statement {
    const { text, values } = this.counts({ sinceMs: span.sinceMs, untilMs: span.untilMs })
    return { text: `${text} LIMIT $3`, values: [...values, limit] }
  }

  /** Jumps from one name to the next in the index: there are few names among many counts. */
  #everyName(): string {
    const smallest = `SELECT min(service) FROM ${this.#schema}.counts`
    return `${smallest} UNION ALL SELECT (${smallest} WHERE service > names.service) FROM names WHERE service IS NOT NULL`
  }

  watches({ sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number }): Statement {
    return {
      text: `SELECT receiver, from_ms, until_ms FROM ${this.#schema}.watches
        WHERE until_ms > $1 AND from_ms < $2 ORDER BY from_ms, receiver`,
      values: [sinceMs, untilMs],
    }
  }

  /** The number of rows of the table, in the column `row_count`. It is maintained by every write, since counting takes too long. */
  size(table: 'events' | 'counts'): Statement {
    return { text: `SELECT row_count FROM ${this.#schema}.sizes WHERE name = $1`, values: [table] }
  }

  /** Adds to the number of rows; `by` can be negative. */
  resize(table: 'events' | 'counts', by: number): Statement {
    return {
      text: `UPDATE ${this.#schema}.sizes SET row_count = row_count + $1 WHERE name = $2`,
      values: [by, table],
    }
  }

  /** The first event to keep after the `surplus` oldest ones, in the column `first`. */
  firstEventToKeep(surplus: number): Statement {
    return {
      text: `SELECT id AS first FROM ${this.#schema}.events ORDER BY id LIMIT 1 OFFSET $1`,
      values: [surplus],
    }
  }

  removeEvents(beforeId: string, most: number): Statement {
    const events = `${this.#schema}.events`
    return {
      text: `DELETE FROM ${events} WHERE id IN (SELECT id FROM ${events} WHERE id < $1 ORDER BY id LIMIT $2)`,
      values: [beforeId, most],
    }
  }

  /** The time of the first count to keep after the `surplus` oldest ones, in the column `first`. */
  firstCountToKeep(surplus: number): Statement {
    return {
      text: `SELECT at_ms AS first FROM ${this.#schema}.counts ORDER BY at_ms LIMIT 1 OFFSET $1`,
      values: [surplus],
    }
  }

  /** Removes all counts before the time, except the last one of each service that is not gone. */
  removeCounts(beforeMs: number, most: number): Statement {
    const counts = `${this.#schema}.counts`
    return {
      text: `DELETE FROM ${counts} WHERE (service, at_ms) IN (
        SELECT c.service, c.at_ms FROM ${counts} c WHERE c.at_ms < $1 AND (c.is_gone IS NOT NULL OR EXISTS (
          SELECT 1 FROM ${counts} n WHERE n.service = c.service AND n.at_ms > c.at_ms AND n.at_ms < $1))
        ORDER BY c.at_ms LIMIT $2)`,
      values: [beforeMs, most],
    }
  }

  removeWatches(beforeMs: number, most: number): Statement {
    const watches = `${this.#schema}.watches`
    return {
      text: `DELETE FROM ${watches} WHERE (receiver, from_ms) IN (
        SELECT receiver, from_ms FROM ${watches} WHERE until_ms < $1 ORDER BY until_ms LIMIT $2)`,
      values: [beforeMs, most],
    }
  }
}

function greater(a: string, b: string): string {
  return a > b ? a : b
}

function less(a: string, b: string): string {
  return a < b ? a : b
}
