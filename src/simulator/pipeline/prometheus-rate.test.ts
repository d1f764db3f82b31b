import { expect, it } from 'vitest'
import { rateOf } from './prometheus-rate.ts'

it.each([
  ['a steady counter', [100, 150, 200], 2, 3, 10],
  ['one that was there for two samples, back to zero at most', [0, 50], 2, 3, (50 * 7) / 5 / 15],
  ['one that was there for two samples, back by half a step', [1_000, 1_050], 2, 3, (50 * 9.5) / 5 / 15],
  ['the same in Prometheus 2, back to zero', [40, 90], 2, 2, (50 * (5 + 4 + 2)) / 5 / 15],
  ['the same in Prometheus 3, back by half a step', [40, 90], 2, 3, (50 * (5 + 2.5 + 2)) / 5 / 15],
  ['one that is gone, on by half a step', [100, 150], 7, 3, (50 * (5 + 3 + 2.5)) / 5 / 15],
  ['one that stands still', [7, 7, 7], 2, 3, 0],
] as const)('the rate of %s', (_, values, age, version, expected) => {
  expect(rateOf(values, 5, age, 15, version)).toBeCloseTo(expected, 9)
})

it.each([[[]], [[5]]])('there is none of %j', (values) => {
  expect(rateOf(values, 5, 2, 15)).toBeUndefined()
})
