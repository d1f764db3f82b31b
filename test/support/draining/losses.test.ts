import { describe, expect, it } from 'vitest'
import { lostRequests, starvedRun } from './losses.ts'

const fed = { share: 1, lagMs: 20 }
const starved = { share: 0.3, lagMs: 20 }

describe('requests of a run', () => {
  it.each([
    ['ECONNRESET', 2],
    ['ECONNREFUSED', 2],
    ['EHOSTUNREACH', 2],
    ['status 502', 2],
    ['cut off', 2],
    ['timeout', 0],
  ])('that failed with %s are lost: %i of 2', (reason, lost) => {
    expect(lostRequests({ failures: { [reason]: 2 } })).toBe(lost)
  })

  it.each([
    ['are late on a busy machine', { failures: { timeout: 3 }, skipped: 0 }, starved],
    ['could not be sent on a busy machine', { failures: {}, skipped: 1 }, starved],
    [
      'are late where the generator stood still',
      { failures: { timeout: 1 }, skipped: 0 },
      { share: 1, lagMs: 900 },
    ],
  ])('that %s blame nobody', (_, totals, conditions) => {
    expect(starvedRun(totals, conditions)).toBeTypeOf('string')
  })

  it.each([
    ['none is late, however busy the machine', { failures: {}, skipped: 0 }, starved],
    ['they are late on a machine that has time', { failures: { timeout: 3 }, skipped: 0 }, fed],
    [
      'one was lost as well, however busy the machine',
      { failures: { timeout: 3, ECONNRESET: 1 }, skipped: 0 },
      starved,
    ],
  ])('count where %s', (_, totals, conditions) => {
    expect(starvedRun(totals, conditions)).toBeUndefined()
  })
})
