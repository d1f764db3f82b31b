import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { Sql, type Statement } from './sql.ts'
import { migrations } from './sqlite/migrations.ts'

const sql = new Sql('main')
const db = new DatabaseSync(':memory:')
for (const migration of migrations) db.exec(migration)

/** How SQLite goes about it, step by step. */
function planOf({ text, values }: Statement): readonly string[] {
  const parameters = Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]))
  return db
    .prepare(`EXPLAIN QUERY PLAN ${text}`)
    .all(parameters)
    .map(({ detail }) => String(detail))
}

const page = { limit: 100 }
const range = { sinceMs: 1, untilMs: 2, beforeId: 'f', afterId: '0' }
const span = { sinceMs: 1, untilMs: 2 }

it.each<[string, Statement | undefined]>([
  ['the newest events', sql.events(page)],
  ['events in a range', sql.events({ ...page, ...range })],
  ['events of a service', sql.events({ ...page, service: 'web' })],
  ['events of kinds', sql.events({ ...page, ...range, kinds: ['held', 'scaled'] })],
  ['events of a kind of a service', sql.events({ ...page, service: 'web', kinds: ['held'] })],
  ['names of services', sql.services(span)],
  ['counts', sql.counts(span)],
  ['counts of a service', sql.counts({ ...span, service: 'web' })],
  ['some counts of all services', sql.someCounts(9, span)],
  ['watches', sql.watches(span)],
  ['the size of a table', sql.size('events')],
  ['events to remove', sql.removeEvents('f', 10)],
  ['counts to remove', sql.removeCounts(2, 10)],
  ['watches to remove', sql.removeWatches(2, 10)],
])('goes along an index: %s', (_, statement) => {
  const plan = statement === undefined ? [] : planOf(statement)
  const touches = plan.filter((step) => / (main\.|[cln] )/.test(step))
  expect(touches).not.toEqual([])
  for (const step of touches) expect(step).toMatch(/^SEARCH .* USING (COVERING )?(PRIMARY KEY|INDEX)/)
})

it.each([
  ['events', sql.firstEventToKeep(10), /^SCAN main\.events$/],
  ['counts', sql.firstCountToKeep(10), /^SCAN main\.counts USING COVERING INDEX counts_by_time$/],
])('counts off the oldest %s in their order, without sorting', (_, statement, step) => {
  expect(planOf(statement)).toEqual([expect.stringMatching(step)])
})
