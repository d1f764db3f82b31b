import { expect, it } from 'vitest'
import { HourlyMost } from './hourly-most.ts'

const passed = (most: HourlyMost, atMs: number) => [1, 2, 3].map(() => most.passes(atMs))

it('passes so many in an hour, and as many again in the next', () => {
  const most = new HourlyMost(2)
  expect(passed(most, 0)).toEqual([true, true, false])
  expect(most.passes(3_599_999)).toBe(false)
  expect(passed(most, 3_600_000)).toEqual([true, true, false])
})

it('does not wait for an hour that comes again, where the clock is set back', () => {
  const most = new HourlyMost(2)
  passed(most, 100 * 3_600_000)
  expect(passed(most, 0)).toEqual([true, true, false])
})
