import { expect, it } from 'vitest'
import { HourlyLimit } from './hourly-limit.ts'

const passed = (most: HourlyLimit, atMs: number) => [1, 2, 3].map(() => most.allows(atMs))

it('passes so many in an hour, and as many again in the next', () => {
  const most = new HourlyLimit(2)
  expect(passed(most, 0)).toEqual([true, true, false])
  expect(most.allows(3_599_999)).toBe(false)
  expect(passed(most, 3_600_000)).toEqual([true, true, false])
})

it('does not wait for an hour that comes again, where the clock is set back', () => {
  const most = new HourlyLimit(2)
  passed(most, 100 * 3_600_000)
  expect(passed(most, 0)).toEqual([true, true, false])
})
