import { describe, expect, it } from 'vitest'
import type { Forecast } from '../../domain/forecast.ts'
import { ForecastModel, type ForecastResult } from './forecast-model.ts'
import { forecastSignal } from './forecast-signal.ts'
import { medianOf } from './minutes.ts'

const hour = 60
const day = 24 * hour
const daily: Forecast = { period: 'daily', lookAheadMs: 600_000, isForecastOnly: false }

/** What is found in the last of so many minutes. */
function foundAfter(minutes: number, forecast: Forecast, needed: (minute: number) => number): ForecastResult {
  const model = new ForecastModel(forecast)
  let found: ForecastResult = { isSwitchedOff: false }
  for (let minute = 0; minute < minutes; minute += 1) found = model.evaluate(needed(minute))
  return found
}

describe('a weekly forecast', () => {
  /** 2, and 8 for the second day of each week. */
  const secondDay = (minute: number) => (Math.floor(minute / day) % 7 === 1 ? 8 : 2)
  const weekly: Forecast = { ...daily, period: 'weekly' }

  it('expects what the same day of the week before had, and not what the day before had', () => {
    const eve = 8 * day - 9
    expect(foundAfter(eve, weekly, secondDay)).toMatchObject({ replicas: 8, signal: 8 })
    expect(foundAfter(eve, daily, secondDay).replicas).toBeCloseTo(2, 1)
  })

  it('expects nothing in its first week', () => {
    expect(foundAfter(6 * day, weekly, secondDay)).toEqual({ isSwitchedOff: false })
  })
})

it('a forecast that only shows has no signal', () => {
  const found = foundAfter(26 * hour, { ...daily, isForecastOnly: true }, () => 4)
  expect(found).toEqual({ replicas: 4, errorRatio: 0, isSwitchedOff: false })
})

it('the signal hears every evaluation and changes once a minute', () => {
  const signal = forecastSignal(daily)
  const received: (number | undefined)[] = []
  for (let second = 2; second < 27 * 3_600; second += 5) {
    // Swings around 4 within each minute.
    received.push(signal(second, second % 60 < 30 ? 3 : 5))
  }
  const changes = received.filter((value, index) => index > 0 && value !== received[index - 1])
  expect(received[0]).toBeUndefined()
  expect(received.at(-1)).toBeCloseTo(4, 0)
  expect(changes.length).toBeLessThan(60)
})

it.each([
  [[], undefined],
  [[3], 3],
  [[9, 1], 5],
  [[9, 1, 2], 2],
])('the median of %j is %s', (values, median) => {
  expect(medianOf(values)).toBe(median)
})
