import { describe, expect, it } from 'vitest'
import { aWindow } from '../../test/support/fakes/builders.ts'
import { isCron, isTimezone, runAlike, scheduleState } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const berlin = { timezone: 'Europe/Berlin', start: '30 2 * * *' }

describe('a window that closes after a duration', () => {
  const rows: [string, boolean, string][] = [
    ['2026-01-15T11:59:59.999Z', false, '2026-01-15T12:00:00Z'],
    ['2026-01-15T12:00:00.000Z', true, '2026-01-15T13:00:00Z'],
    ['2026-01-15T12:59:59.999Z', true, '2026-01-15T13:00:00Z'],
    ['2026-01-15T13:00:00.000Z', false, '2026-01-16T12:00:00Z'],
  ]
  it.each(rows)('at %s: open %s, changes next at %s', (now, isOpen, next) => {
    expect(scheduleState(aWindow(), at(now))).toEqual({ isOpen, nextChangeMs: at(next) })
  })

  it('stays open where it opens again before it closes', () => {
    const end = { kind: 'duration', durationMs: 30 * 3_600_000 } as const
    expect(scheduleState(aWindow({ end }), at('2026-01-15T11:00:00Z')).isOpen).toBe(true)
  })
})

describe('a window that closes by a pattern', () => {
  const office = aWindow({ start: '0 8 * * 1-5', end: { kind: 'cron', cron: '0 18 * * 1-5' } })
  const rows: [string, string, boolean, string][] = [
    ['Thursday before it opens', '2026-01-15T07:59:59.999Z', false, '2026-01-15T08:00:00Z'],
    ['Thursday as it opens', '2026-01-15T08:00:00.000Z', true, '2026-01-15T18:00:00Z'],
    ['Thursday as it closes', '2026-01-15T18:00:00.000Z', false, '2026-01-16T08:00:00Z'],
    ['Saturday', '2026-01-17T12:00:00.000Z', false, '2026-01-19T08:00:00Z'],
  ]
  it.each(rows)('%s', (_, now, isOpen, next) => {
    expect(scheduleState(office, at(now))).toEqual({ isOpen, nextChangeMs: at(next) })
  })

  it('is open over midnight', () => {
    const night = aWindow({ start: '0 22 * * *', end: { kind: 'cron', cron: '0 6 * * *' } })
    expect(scheduleState(night, at('2026-01-15T03:00:00Z'))).toEqual({
      isOpen: true,
      nextChangeMs: at('2026-01-15T06:00:00Z'),
    })
  })

  it('that comes once a year is found across the years', () => {
    const blackFriday = aWindow({ start: '0 8 27 11 *', end: { kind: 'cron', cron: '0 0 28 11 *' } })
    expect(scheduleState(blackFriday, at('2026-11-27T12:00:00Z')).isOpen).toBe(true)
    expect(scheduleState(blackFriday, at('2026-11-28T00:00:00Z'))).toEqual({
      isOpen: false,
      nextChangeMs: at('2027-11-27T08:00:00Z'),
    })
  })
})

describe('daylight saving in Berlin', () => {
  it('a time that is skipped (2:30 on 29 March) opens when the skipping ends, at 3:00', () => {
    const window = aWindow(berlin)
    expect(scheduleState(window, at('2026-03-29T00:59:59Z')).isOpen).toBe(false)
    expect(scheduleState(window, at('2026-03-29T01:00:00Z'))).toEqual({
      isOpen: true,
      nextChangeMs: at('2026-03-29T02:00:00Z'),
    })
  })

  it('a time that comes twice (2:30 on 25 October) opens the first time only', () => {
    const window = aWindow(berlin)
    expect(scheduleState(window, at('2026-10-25T00:30:00Z')).isOpen).toBe(true)
    expect(scheduleState(window, at('2026-10-25T01:30:00Z'))).toEqual({
      isOpen: false,
      nextChangeMs: at('2026-10-26T01:30:00Z'),
    })
  })

  it.each([
    ['shorter by an hour', '2026-03-28T23:00:00Z', '2026-03-29T21:00:00Z'],
    ['longer by an hour', '2026-10-24T22:00:00Z', '2026-10-25T22:00:00Z'],
  ])('a window from 0:00 to 23:00 on such a day is %s', (_, opens, closes) => {
    const day = aWindow({
      timezone: 'Europe/Berlin',
      start: '0 0 * * *',
      end: { kind: 'cron', cron: '0 23 * * *' },
    })
    expect(scheduleState(day, at(opens) - 1).isOpen).toBe(false)
    expect(scheduleState(day, at(opens))).toEqual({ isOpen: true, nextChangeMs: at(closes) })
    expect(scheduleState(day, at(closes)).isOpen).toBe(false)
  })
})

describe('a window whose start', () => {
  const never = aWindow({ start: '0 0 31 2 *' })

  it('never comes is closed for good', () => {
    expect(scheduleState(never, at('2026-01-15T12:00:00Z'))).toStrictEqual({ isOpen: false })
  })

  it('comes with its end stays closed', () => {
    const both = aWindow({ start: '0 12 * * *', end: { kind: 'cron', cron: '0 12,18 * * *' } })
    expect(scheduleState(both, at('2026-01-15T12:00:00Z')).isOpen).toBe(false)
    expect(scheduleState(both, at('2026-01-15T15:00:00Z')).isOpen).toBe(false)
  })

  it('has come, and whose end never does, stays open', () => {
    const open = aWindow({ start: '0 12 * * *', end: { kind: 'cron', cron: '0 0 31 2 *' } })
    expect(scheduleState(open, at('2026-01-15T15:00:00Z'))).toStrictEqual({ isOpen: true })
  })
})

it.each([
  ['0 8 * * 1-5', true],
  ['  0   8 * * MON  ', true],
  ['*/5 * * * *', true],
  ['0 0 29 2 *', true],
  ['0 0 31 2 *', false],
  ['@daily', false],
  ['0 8 * *', false],
  ['0 0 8 * * *', false],
  ['61 * * * *', false],
  ['', false],
])('%j is a pattern of five fields that ever runs: %s', (text, expected) => {
  expect(isCron(text)).toBe(expected)
})

it.each([
  ['UTC', true],
  ['Europe/Berlin', true],
  ['Mars/Base', false],
  ['+02:00', false],
  ['', false],
])('%j is a time zone: %s', (text, expected) => {
  expect(isTimezone(text)).toBe(expected)
})

it('patterns run alike whatever they look like', () => {
  expect(runAlike('0 8 * * *', '00 8 * * 0-6', 0)).toBe(true)
  expect(runAlike('0 8 * * *', '0 8 * * 1-6', 0)).toBe(false)
})

describe('asked again and again, a window answers as if it were asked for the first time', () => {
  const hours = (count: number) => ({ kind: 'duration', durationMs: count * 3_600_000 }) as const
  it.each([
    ['closes before it opens again', aWindow({ start: '0 */3 * * *', end: hours(1) })],
    ['opens again before it closes', aWindow({ start: '0 */3 * * *', end: hours(4) })],
    ['closes by a pattern', aWindow({ start: '0 */2 * * *', end: { kind: 'cron', cron: '30 */3 * * *' } })],
  ])('%s', (_, window) => {
    const from = at('2026-01-15T00:00:00Z')
    const minutes = Array.from({ length: 288 }, (_, index) => from + index * 7 * 60_000)
    for (const now of [...minutes, ...minutes.toReversed()]) {
      expect(scheduleState(window, now)).toEqual(scheduleState({ ...window }, now))
    }
  })
})
