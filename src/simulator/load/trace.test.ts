import { describe, expect, it } from 'vitest'
import { type Sample, traceOf } from './trace.ts'

const start = Date.UTC(2026, 0, 15, 12)
const samples = (values: readonly number[], stepMs = 15_000): Sample[] =>
  values.map((value, index) => ({ atMs: start + index * stepMs, value }))
const hour = samples(Array.from({ length: 241 }, (_, index) => index))
const without = (from: number, to: number) => hour.filter((_, index) => index < from || index > to)
const changed = (index: number, over: Partial<Sample>) =>
  hour.map((sample, at) => (at === index ? { ...sample, ...over } : sample))

describe('a load', () => {
  it('lies on the line between two samples', () => {
    const { load, startMs, stepMs, gaps } = traceOf(hour)
    expect([load[0], load[5], load[15], load.length, startMs, stepMs]).toEqual([
      0,
      1 / 3,
      1,
      3_600,
      start,
      15_000,
    ])
    expect(gaps).toEqual({ count: 0, longestMs: 0, totalMs: 0 })
  })

  it('bridges a gap, and tells of it', () => {
    const { load, gaps } = traceOf(without(100, 108))
    expect(gaps).toEqual({ count: 1, longestMs: 150_000, totalMs: 135_000 })
    expect(load[105 * 15]).toBeCloseTo(105, 9)
  })

  it.each([
    ['nothing', [], 'the load has no samples'],
    ['hardly anything', hour.slice(0, 2), '2 samples, too few'],
    ['a few minutes', hour.slice(0, 20), 'the load is 4m45s long; at least 10m are needed'],
    ['too many gaps', without(100, 140), '17 % of the load is missing, in 1 gaps of up to 10m30s'],
    [
      'a time that goes back',
      changed(7, { atMs: start }),
      'sample 8: 2026-01-15T12:00:00.000Z is earlier than the one before it',
    ],
    ['a time twice', changed(7, { atMs: start + 6 * 15_000 }), 'is the same time as the one before it'],
    [
      'a load below zero',
      changed(7, { value: -1 }),
      'sample 8: the load is -1; it must be a finite number >= 0',
    ],
    ['an infinite load', changed(7, { value: Number.POSITIVE_INFINITY }), 'the load is Infinity'],
    ['a counter', changed(7, { value: 1e15 }), 'if it is a counter, use its rate()'],
    ['nothing but zeros', samples(Array(241).fill(0)), 'the load is 0 all the time'],
    ['samples far apart', samples([1, 2, 3, 4], 3_600_000), 'the samples are 1h apart'],
    [
      'years',
      samples(Array(120).fill(1), 300_000).map((sample, index) =>
        index === 119 ? { ...sample, atMs: start * 2 } : sample,
      ),
      'at most 400d are allowed',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => traceOf(given)).toThrow(message)
  })
})
