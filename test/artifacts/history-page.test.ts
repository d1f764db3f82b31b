import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventKinds } from '../../src/domain/event.ts'
import { eventColumns } from '../../src/history/rows.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/history.md'), 'utf8')

/** The names in the first cells of the table with this head. */
function names(head: string): readonly string[] {
  const [, table = ''] = page.split(`| ${head} |`)
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2)
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  )
}

it('docs/history.md names every kind of event, and no other', () => {
  expect(names('kind | written when')).toEqual([...eventKinds])
})

it('docs/history.md names every column of an event, and no other', () => {
  expect(names('column | of | holds').toSorted()).toEqual(eventColumns.map(([name]) => name).toSorted())
})
