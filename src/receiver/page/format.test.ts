import { describe, expect, it } from 'vitest'
import { ago, at, fixed, left, money, number, percent, shortened, span } from './format.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('span', () => {
  it.each([
    [-5_000, '0 s'],
    [0, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [minute, '1 min'],
    [minute + 5_000, '1 min 5 s'],
    [hour - 1, '59 min 59 s'],
    [hour, '1 h'],
    [hour + 12 * minute, '1 h 12 min'],
    [day - 1, '23 h 59 min'],
    [day, '1 d'],
    [3 * day + 4.9 * hour, '3 d 4 h'],
  ])('%i ms are %s', (ms, text) => {
    expect(span(ms).replaceAll('\u00a0', ' ')).toBe(text)
  })
})

describe('times', () => {
  const nowMs = Date.UTC(2026, 0, 5, 3, 4, 5)

  it('stand in UTC, with what the script needs', () => {
    expect(at(nowMs).toString()).toBe(
      '<time datetime="2026-01-05T03:04:05.000Z" data-time="at">5 Jan, 03:04:05</time>',
    )
    expect(ago(nowMs - 90_000, nowMs).toString()).toContain('data-time="ago">1\u00a0min 30\u00a0s ago<')
    expect(left(nowMs + 43_000, nowMs).toString()).toContain('data-time="left">43\u00a0s<')
  })

  it.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('that are none do no harm: %d', (ms) => {
    for (const time of [at(ms), ago(ms, nowMs), left(ms, nowMs)]) expect(time.toString()).toContain('<time')
  })
})

describe('numbers', () => {
  it.each([
    [number(1_234.567), '1,234.57'],
    [number(-2), '\u22122'],
    [number(-0.001), '0'],
    [fixed(4, 2), '4.00'],
    [fixed(1_234.56, 1), '1,234.6'],
    [money(1_234.5, 'EUR'), '1,234.50 EUR'],
    [money(0.04, ''), '0.04'],
    [money(0.0042, 'EUR'), '0.0042 EUR'],
    [money(-0.5, 'EUR'), '\u22120.50 EUR'],
    [percent(0.999), '99 %'],
    [percent(1), '100 %'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected)
  })
})

describe('shortened', () => {
  it('cuts between characters, and only what is too long', () => {
    expect(shortened('abcd', 4)).toBe('abcd')
    expect(shortened('abcde', 4)).toBe('abc\u2026')
    expect(shortened('👍👍👍👍', 4)).toBe('👍👍👍👍')
    expect(shortened('👍👍👍👍👍', 4)).toBe('👍👍👍\u2026')
  })
})
