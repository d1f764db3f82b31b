import { expect, it } from 'vitest'
import { endOf, timesIn } from './time.ts'

it.each([
  ['UTC', '2026-01-15T12:00:00.000Z', '2026-01-15 12:00:00', '2026-01-15T12:00:00Z'],
  ['UTC', '2026-01-15T00:00:00.999Z', '2026-01-15 00:00:00', '2026-01-15T00:00:00Z'],
  ['Europe/Berlin', '2026-01-15T23:30:00.000Z', '2026-01-16 00:30:00', '2026-01-16T00:30:00+01:00'],
  ['Europe/Berlin', '2026-10-25T00:30:00.000Z', '2026-10-25 02:30:00', '2026-10-25T02:30:00+02:00'],
  ['Europe/Berlin', '2026-10-25T01:30:00.000Z', '2026-10-25 02:30:00', '2026-10-25T02:30:00+01:00'],
  ['Asia/Kathmandu', '2026-01-15T12:00:00.000Z', '2026-01-15 17:45:00', '2026-01-15T17:45:00+05:45'],
  ['America/New_York', '2026-01-15T03:00:00.000Z', '2026-01-14 22:00:00', '2026-01-14T22:00:00-05:00'],
])('in %s it is then what the clocks there show: %s', (zone, time, full, rfc3339) => {
  const times = timesIn(zone)
  expect(times.full(time)).toBe(full)
  expect(times.rfc3339(time)).toBe(rfc3339)
  expect(Date.parse(rfc3339)).toBe(Math.floor(Date.parse(time) / 1_000) * 1_000)
})

it('leaves out the day where it is the same there', () => {
  const { beside } = timesIn('Europe/Berlin')
  expect(beside('2026-01-15T22:59:59.000Z', '2026-01-15T00:00:00.000Z')).toBe('23:59:59')
  expect(beside('2026-01-15T23:00:00.000Z', '2026-01-15T00:00:00.000Z')).toBe('2026-01-16 00:00:00')
})

it.each([
  ['2026-01-15T12:00:00.000Z', '2026-01-15T12:00:00.000Z'],
  ['2026-01-15T12:00:00.001Z', '2026-01-15T12:00:01.000Z'],
  ['2026-01-15T23:59:59.999Z', '2026-01-16T00:00:00.000Z'],
])('what ends at %s has ended at %s', (time, end) => {
  expect(endOf(time)).toBe(end)
})
