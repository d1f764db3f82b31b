import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysIn } from './days.ts'

const at = (text: string) => Date.parse(text)
const hours = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) => (untilMs - fromMs) / 3_600_000
const fromTo = (timezone: string, from: string, until: string) =>
  daysIn(timezone, { fromMs: at(from), untilMs: at(until) })

describe('the days of a time zone', () => {
  it('begin at its midnight, and the first and the last are cut', () => {
    expect(fromTo('Europe/Berlin', '2026-01-15T12:00:00Z', '2026-01-17T00:00:00Z')).toEqual([
      { fromMs: at('2026-01-15T12:00:00Z'), untilMs: at('2026-01-15T23:00:00Z') },
      { fromMs: at('2026-01-15T23:00:00Z'), untilMs: at('2026-01-16T23:00:00Z') },
      { fromMs: at('2026-01-16T23:00:00Z'), untilMs: at('2026-01-17T00:00:00Z') },
    ])
  })

  it('are whole where the time ends with one, and there is no empty day after it', () => {
    const days = fromTo('UTC', '2026-01-15T00:00:00Z', '2026-01-17T00:00:00Z')
    expect(days.map(hours)).toEqual([24, 24])
  })

  it('are one where the time lies within it', () => {
    expect(fromTo('UTC', '2026-01-15T10:00:00Z', '2026-01-15T11:30:00Z').map(hours)).toEqual([1.5])
  })

  it('are none of no time', () => {
    expect(fromTo('UTC', '2026-01-15T10:00:00Z', '2026-01-15T10:00:00Z')).toEqual([])
  })

  const rows: [string, string, string, string, number[]][] = [
    ['spring in Berlin', 'Europe/Berlin', '2026-03-27T23:00:00Z', '2026-03-30T22:00:00Z', [24, 23, 24]],
    ['autumn in Berlin', 'Europe/Berlin', '2026-10-23T22:00:00Z', '2026-10-26T23:00:00Z', [24, 25, 24]],
    ['half an hour', 'Australia/Lord_Howe', '2026-10-02T13:30:00Z', '2026-10-05T13:00:00Z', [24, 23.5, 24]],
    [
      'a midnight that is skipped (São Paulo, 4 November 2018)',
      'America/Sao_Paulo',
      '2018-11-03T03:00:00Z',
      '2018-11-06T02:00:00Z',
      [24, 23, 24],
    ],
    [
      'a midnight that is skipped (Beirut, 29 March 2026)',
      'Asia/Beirut',
      '2026-03-27T22:00:00Z',
      '2026-03-30T21:00:00Z',
      [24, 23, 24],
    ],
    [
      'a midnight that comes twice (Havana, 1 November 2026)',
      'America/Havana',
      '2026-10-31T04:00:00Z',
      '2026-11-03T05:00:00Z',
      [24, 25, 24],
    ],
    [
      'a date that is skipped (Apia, 30 December 2011)',
      'Pacific/Apia',
      '2011-12-29T10:00:00Z',
      '2012-01-01T10:00:00Z',
      [24, 24, 24],
    ],
  ]
  it.each(rows)('%s', (_, timezone, from, until, lengths) => {
    expect(fromTo(timezone, from, until).map(hours)).toEqual(lengths)
  })

  it('leave nothing out where the clocks go back from 0:01 to 23:01 (St. John’s, 7 November 2010)', () => {
    const within = fromTo('America/St_Johns', '2010-11-07T03:00:00Z', '2010-11-08T03:30:00Z')
    expect(within).toEqual([{ fromMs: at('2010-11-07T03:00:00Z'), untilMs: at('2010-11-08T03:30:00Z') }])
    const around = fromTo('America/St_Johns', '2010-11-06T02:30:00Z', '2010-11-08T03:30:00Z')
    expect(around.map(hours)).toEqual([24, 25])
  })

  it('follow each other without a gap, wherever and whenever', () => {
    const zones = Intl.supportedValuesOf('timeZone')
    const aTime = fc.integer({ min: at('1970-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') })
    fc.assert(
      fc.property(fc.constantFrom(...zones), aTime, fc.integer({ min: 1, max: 100 }), (zone, from, lasts) => {
        const days = daysIn(zone, { fromMs: from, untilMs: from + lasts * 3_600_000 })
        const ends = [from, ...days.map(({ untilMs }) => untilMs)]
        expect(days.map(({ fromMs }) => fromMs)).toEqual(ends.slice(0, -1))
        expect(ends.at(-1)).toBe(from + lasts * 3_600_000)
        for (const day of days.map(hours)) {
          expect(day).toBeGreaterThan(0)
          expect(day).toBeLessThanOrEqual(26)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('cannot be told of a zone that is none', () => {
    expect(() => fromTo('Europe/Atlantis', '2026-01-15T00:00:00Z', '2026-01-16T00:00:00Z')).toThrow(
      RangeError,
    )
  })
})
