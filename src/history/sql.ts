import { type EventQuery, eventKinds } from '../domain/event.ts'
import { startOf } from './event-ids.ts'
import { type Cell, countColumns, eventColumns, nameCell } from './rows.ts'
import type { CountQuery } from './store.ts'

/** A statement with the values of its parameters `$1`, `$2` … */
export interface Statement {
  readonly text: string
  readonly values: readonly Cell[]
}

/** Greater than every id. */
export const afterAllIds = '~'

const eventList = eventColumns.map(([column]) => column).join(', ')

/**
 * The statements that SQLite and PostgreSQL understand alike, for tables in `schema`. Each of them goes along an index, and reads little
 * more than it answers.
 */
export class Sql {
  readonly #schema: string

  constructor(schema: string) {
    this.#schema = schema
  }

  /** The events asked for, the newest first; with `afterId` the oldest first. Absent: there can be none. */
  events(query: EventQuery): Statement | undefined {
    const { service, kinds, sinceMs, untilMs, beforeId = afterAllIds, afterId = '', limit } = query
    // No id is as short as the beginning of one, so what is greater than that is what is not less.
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
    // The events of one kind lie in order in the index, those of several do not: of each so many as may be asked for.
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

  /** The counts asked for, in any order: to sort what comes sorted already takes a database longer than us. */
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

  /** The counts of all services, in any order, and no more of them than `limit`. */
  someCounts(limit: number, span: { readonly sinceMs: number; readonly untilMs: number }): Statement {
    const { text, values } = this.counts({ sinceMs: span.sinceMs, untilMs: span.untilMs })
    return { text: `${text} LIMIT $3`, values: [...values, limit] }
  }

  /** From one name to the next along the index: there are few of them among many counts. */
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

  /** How many rows the table has, in the column `row_count`. It is kept with every write: to count them takes too long. */
  size(table: 'events' | 'counts'): Statement {
    return { text: `SELECT row_count FROM ${this.#schema}.sizes WHERE name = $1`, values: [table] }
  }

  /** The table has so many rows more, or less. */
  resize(table: 'events' | 'counts', by: number): Statement {
    return {
      text: `UPDATE ${this.#schema}.sizes SET row_count = row_count + $1 WHERE name = $2`,
      values: [by, table],
    }
  }

  /** The first event to keep, in the column `first`, where the `surplus` oldest may not stay. */
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

  /** The time of the first count to keep, in the column `first`, where the `surplus` oldest may not stay. */
  firstCountToKeep(surplus: number): Statement {
    return {
      text: `SELECT at_ms AS first FROM ${this.#schema}.counts ORDER BY at_ms LIMIT 1 OFFSET $1`,
      values: [surplus],
    }
  }

  /** All before the time, but of each service the last one, unless that says that it was gone. */
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
