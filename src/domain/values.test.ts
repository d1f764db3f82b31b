import { describe, expect, it } from 'vitest'
import { parseAmount, parseNumber, replicasOf, roundUp } from './amount.ts'
import { formatDuration, parseDurationMs } from './duration.ts'
import { parseBytes } from './size.ts'

describe('a number', () => {
  it.each([
    ['3', 3],
    ['2.5', 2.5],
    ['.5', 0.5],
    ['.25', 0.25],
    ['5.', 5],
    [' 4 ', 4],
    ['0', 0],
    ['1e+06', 1_000_000],
    ['-0', 0],
    ['-0.0e+00', 0],
  ])('reads %j as %d', (text, value) => {
    expect(parseNumber(text)).toBe(value)
  })

  it.each([
    '',
    ' ',
    'NaN',
    '+Inf',
    'Inf',
    '-1',
    '-0.5',
    '--0',
    '0x10',
    '1_000',
    '1,5',
    '3 replicas',
    '1e999',
    '.',
    '{{ $value }}',
  ])('refuses %j', (text) => {
    expect(parseNumber(text)).toBeUndefined()
  })
})

describe('an amount', () => {
  it('is a number or a percentage', () => {
    expect(parseAmount('2')).toEqual({ unit: 'replicas', value: 2 })
    expect(parseAmount('50%')).toEqual({ unit: 'percent', value: 50 })
    expect(parseAmount(' 50% ')).toEqual({ unit: 'percent', value: 50 })
    expect(parseAmount('50 %')).toEqual({ unit: 'percent', value: 50 })
    expect(parseAmount('%')).toBeUndefined()
    expect(parseAmount('NaN%')).toBeUndefined()
  })

  it.each([
    ['up rounds up', 'up', 30, 4, 2],
    ['down rounds down', 'down', 40, 4, 1],
    ['up moves at least 1', 'up', 1, 0, 1],
    ['down moves at least 1', 'down', 1, 4, 1],
    ['nothing moves nothing', 'up', 0, 4, 0],
    ['an exact share is exact', 'down', 50, 4, 2],
    ['what floats make of a whole number is that number', 'up', 16.1, 1_000, 161],
  ] as const)('%s', (_, direction, value, replicas, expected) => {
    expect(replicasOf({ unit: 'percent', value }, replicas, direction)).toBe(expected)
  })
})

describe('a number, rounded up', () => {
  it.each([
    [0, 0],
    [0.000_001, 1],
    [3, 3],
    [3.0000000000000004, 3],
    [2.9999999999999996, 3],
    [3.000_001, 4],
    [1_000_000.000_1, 1_000_000],
    [1_000_000.01, 1_000_001],
  ])('%d is %d', (exact, whole) => {
    expect(roundUp(exact)).toBe(whole)
  })
})

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1w2d', 777_600_000],
    ['12y', 378_432_000_000],
    ['12w', 7_257_600_000],
    ['12d', 1_036_800_000],
    ['250ms', 250],
    ['1s500ms', 1_500],
  ])('reads %j as %d ms, and writes it back', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms)
    expect(parseDurationMs(formatDuration(ms))).toBe(ms)
  })

  it.each(['', '5', '1.5h', '30m1h', '5 m', '-5m', '5M', '1h1h', '999999999999y'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined()
  })
})

it('a duration is written the shortest way', () => {
  const written = [0, 1, 1_000, 90_000, 150_000, 3_600_000, 86_400_000 + 61_001].map(formatDuration)
  expect(written).toEqual(['0s', '1ms', '1s', '1m30s', '2m30s', '1h', '1d1m1s1ms'])
})

describe('a size', () => {
  it.each([
    ['1000', 1_000],
    ['50MB', 50e6],
    ['1GiB', 2 ** 30],
    ['1.5 kB', 1_500],
    ['1e3B', 1_000],
    ['2kB', 2e3],
    ['2KB', 2e3],
    ['2GB', 2e9],
    ['2TB', 2e12],
    ['2KiB', 2 ** 11],
    ['2MiB', 2 ** 21],
    ['2TiB', 2 ** 41],
    [' 7 ', 7],
  ])('reads %j as %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes)
  })

  it.each(['', 'MB', '?', '1.2.3MB', '5 parsecs', '-1MB', '5mb', '5 constructor'])('refuses %j', (text) => {
    expect(parseBytes(text)).toBeUndefined()
  })
})
