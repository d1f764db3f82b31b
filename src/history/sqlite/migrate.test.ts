import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { migrate, versionOf } from './migrate.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-migrate-'))
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0
const aPath = () => join(folder, `${++made}.db`)

const first = 'CREATE TABLE one (n INTEGER NOT NULL); INSERT INTO one VALUES (1)'
const second = 'ALTER TABLE one ADD COLUMN m TEXT; UPDATE one SET m = n; CREATE TABLE two (n INTEGER)'
const broken = 'INSERT INTO one VALUES (3, NULL); DROP TABLE two; INSERT INTO nowhere VALUES (1)'

const rows = (connection: Connection, table = 'one') =>
  connection.all({ text: `SELECT * FROM ${table}`, values: [] }).map((row) => ({ ...row }))

it('goes from nothing to the newest version', () => {
  const connection = new Connection(aPath())
  migrate(connection, [first, second])
  expect(versionOf(connection, [first, second])).toBe(2)
  expect(rows(connection)).toEqual([{ n: 1, m: '1' }])
  connection.close()
})

it('goes from each earlier version to the newest, and keeps what was there', () => {
  const connection = new Connection(aPath())
  migrate(connection, [first])
  connection.exec('INSERT INTO one VALUES (2)')
  migrate(connection, [first, second])
  expect(rows(connection)).toEqual([
    { n: 1, m: '1' },
    { n: 2, m: '2' },
  ])
  connection.close()
})

it('changes nothing at the newest version', () => {
  const path = aPath()
  const connection = new Connection(path)
  migrate(connection, [first])
  const before = readFileSync(path)
  migrate(connection, [first])
  expect(readFileSync(path).equals(before)).toBe(true)
  connection.close()
})

it('takes a step whole or not at all, keeps the steps before it, and goes on from there', () => {
  const connection = new Connection(aPath())
  expect(() => migrate(connection, [first, second, broken])).toThrow(/nowhere/)
  expect(versionOf(connection, [first, second, broken])).toBe(2)
  expect(rows(connection)).toEqual([{ n: 1, m: '1' }])
  expect(rows(connection, 'two')).toEqual([])
  migrate(connection, [first, second, 'DROP TABLE two'])
  expect(versionOf(connection, [first, second, broken])).toBe(3)
  connection.close()
})

it('refuses a newer version, and changes nothing', () => {
  const path = aPath()
  const connection = new Connection(path)
  migrate(connection, [first, second])
  const before = readFileSync(path)
  expect(() => migrate(connection, [first])).toThrow(
    expect.objectContaining({ code: 'newer', message: expect.stringMatching(/version 2 .* up to 1/) }),
  )
  expect(readFileSync(path).equals(before)).toBe(true)
  connection.close()
})
