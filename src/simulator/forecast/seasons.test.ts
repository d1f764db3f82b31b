import { describe, expect, it } from 'vitest'
import { brokenSeasons, burstyStory, compare, seasons } from '../../../test/support/backtest-seasons.ts'

/** Replicas that take a minute to start: the slower they are, the more it matters when they are asked for. */
const startUpSeconds = 60

describe('a forecast on a load with a pattern', () => {
  it.each(Object.entries(seasons))(
    'leaves a tenth of the minutes above capacity, for little: %s',
    (_, story) => {
      const { without, with: forecast } = compare(story, startUpSeconds)
      expect(forecast.minutesAbove).toBeLessThanOrEqual(0.1 * without.minutesAbove)
      expect(forecast.replicaHours).toBeLessThan(1.04 * without.replicaHours)
    },
  )

  it('has minutes to save in the first place', () => {
    const { without } = compare(seasons['an office that opens at eight'] ?? expect.fail(), startUpSeconds)
    expect(without.minutesAbove).toBeGreaterThan(5)
  })
})

describe('a forecast on a load that breaks its pattern', () => {
  it.each(Object.entries(brokenSeasons))(
    'is no worse than none, and ends before it is dear: %s',
    (_, story) => {
      const { without, with: forecast } = compare(story, startUpSeconds)
      expect(forecast.minutesAbove).toBeLessThanOrEqual(without.minutesAbove)
      expect(forecast.shareAbove).toBeLessThanOrEqual(without.shareAbove)
      expect(forecast.replicaHours).toBeLessThan(1.15 * without.replicaHours)
    },
  )
})

describe('a forecast beside bursts that no history tells of', () => {
  it.each([8, 60, 180])('is in the way of none, where replicas start within %i s', (seconds) => {
    const { without, with: forecast } = compare(burstyStory(seconds), seconds)
    expect(without.minutesAbove).toBeGreaterThan(1)
    expect(forecast.minutesAbove).toBeLessThanOrEqual(without.minutesAbove)
  })
})
