import { expect, it } from 'vitest'
import { growthOf, lowestOf, median, type Point } from './flat.ts'

const minuteMs = 60_000

/** A point a minute for an hour and a half. */
const points = (value: (minute: number) => number): readonly Point[] =>
  Array.from({ length: 90 }, (_, minute) => ({ atMs: minute * minuteMs, value: value(minute) }))

const margin = { share: 0.1, more: 5 }

it.each([
  ['stays as it is', () => 100],
  ['grows while it warms up, and no more', (minute: number) => Math.min(100, 20 + minute * 3)],
  ['goes up and down', (minute: number) => 100 + 40 * Math.sin(minute)],
  ['falls', (minute: number) => 200 - minute],
  ['has a peak now and then', (minute: number) => (minute % 7 === 0 ? 900 : 100)],
  ['grows by as much as the margin', (minute: number) => (minute < 60 ? 100 : 115)],
])('a figure that %s is flat', (_, value) => {
  expect(growthOf(points(value), margin)).toMatchObject({ isFlat: true })
})

it.each([
  ['leaks all the time', (minute: number) => 100 + minute],
  ['leaks beneath its peaks', (minute: number) => (minute % 7 === 0 ? 900 : 100 + minute)],
  ['begins to leak when it is warm', (minute: number) => Math.max(100, 4 * (minute - 40))],
  ['grows by a little more than the margin', (minute: number) => (minute < 60 ? 100 : 115.1)],
])('a figure that %s is not', (_, value) => {
  expect(growthOf(points(value), margin)).toMatchObject({ isFlat: false })
})

it('nothing, or next to nothing, has not shown that it is flat', () => {
  expect(growthOf([], margin).isFlat).toBe(false)
  expect(growthOf(points(() => 1).slice(0, 2), margin).isFlat).toBe(false)
})

it('of a heap the lowest point of each window counts, so that garbage is none', () => {
  const saw = points((minute) => 50 + (minute % 10) * 10 + (minute < 30 ? minute : 30))
  const lowest = lowestOf(saw, 9)
  expect(lowest.map(({ value }) => value)).toEqual([50, 60, 70, 80, 80, 80, 80, 80, 80])
  expect(growthOf(lowest, { share: 0, more: 0 }).isFlat).toBe(true)
  const leaking = lowestOf(
    points((minute) => 50 + (minute % 10) * 10 + minute),
    9,
  )
  expect(growthOf(leaking, margin).isFlat).toBe(false)
})

it.each([
  [[], 0],
  [[3], 3],
  [[9, 1, 5], 5],
  [[1, 2, 3, 10], 2.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})
