import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../src/history/sqlite/migrations.ts'
import { SqliteFile } from '../../src/history/sqlite/sqlite-file.ts'
import { noon } from '../support/fakes/builders.ts'
import { aCount, anEvent, aWatch, eventEntry, fullEvent } from '../support/history/entries.ts'

/** A dump of a file of each version as it was released, with the rows of `expectRows`. It is never changed. */
const dumps = join(import.meta.dirname, 'versions')
const always = { sinceMs: 0, untilMs: 2 * noon }

it('there is a dump of every version', () => {
  expect(readdirSync(dumps).toSorted()).toEqual(migrations.map((_, index) => `${index + 1}.sql`).toSorted())
})

describe.each(migrations.map((_, index) => index + 1))('a file of version %d', (version) => {
  it('keeps all that it has, and can be written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-version-'))
    try {
      const path = join(folder, 'history.db')
      const db = new DatabaseSync(path)
      db.exec(readFileSync(join(dumps, `${version}.sql`), 'utf8'))
      db.exec(`PRAGMA user_version = ${version}`)
      db.close()
      const file = new SqliteFile(path)
      file.write([eventEntry(anEvent(noon + 1))])
      expect(file.events({ limit: 9 })).toEqual([anEvent(noon + 1), fullEvent, anEvent()])
      expect(file.events({ limit: 9, service: 'web', kinds: ['held'] })).toHaveLength(2)
      expect(file.counts(always)).toEqual([
        aCount(noon, 0, { service: 'api', isGone: true }),
        aCount(noon, 4, { running: 3, costPerHour: 0.1 }),
        aCount(noon + 1),
      ])
      expect(file.watches(always)).toEqual([aWatch()])
      expect(file.prune({ beforeMs: 0, mostRows: 2 })).toBe(1)
      file.close()
      const migrated = new DatabaseSync(path, { readOnly: true })
      expect(migrated.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length })
      migrated.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
