import { describe, expect, it } from 'vitest'
import { readCsv } from './csv.ts'

const noon = Date.UTC(2026, 0, 15, 12)

describe('a load from CSV', () => {
  it.each([
    ['RFC 3339', '2026-01-15T12:00:00Z,5'],
    ['another time zone', '2026-01-15T13:00:00+01:00,5'],
    ['no time zone', '2026-01-15 12:00:00,5'],
    ['seconds', `${noon / 1_000},5`],
    ['milliseconds', `${noon},5`],
    ['semicolons', '2026-01-15T12:00:00Z;5'],
    ['quotes, as Grafana has them', '"2026-01-15T12:00:00Z","5"'],
    ['a head', 'time,load\n2026-01-15T12:00:00Z,5'],
    ['a head of other words', 'When,web\n2026-01-15T12:00:00Z,5'],
    ['named columns in another order', 'host,load,time\na,5,2026-01-15T12:00:00Z'],
    ['empty lines and carriage returns', '\r\n2026-01-15T12:00:00Z,5\r\n\r\n'],
  ])('takes %s', (_, text) => {
    expect(readCsv(text).samples).toEqual([{ atMs: noon, value: 5 }])
  })

  it.each([
    ['', 'the file is empty; each line is a time and a load'],
    ['2026-01-15T12:00:00Z,5\nyesterday,6', 'line 2: "yesterday" is not a time'],
    ['time,load\n2026-01-15T12:00:00Z,many', 'line 2: "many" is not a number'],
    ['2026-01-15T12:00:00Z,5\n2026-01-15T12:00:15Z,', 'line 2: "" is not a number'],
    ['2026-01-15T12:00:00Z', 'line 1: "" is not a number'],
  ])('refuses %j', (text, message) => {
    expect(() => readCsv(text)).toThrow(message)
  })
})
