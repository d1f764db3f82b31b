import { defined } from '../../domain/defined.ts'
import type { Forecast, ForecastPeriod } from '../../domain/forecast.ts'
import { maxOf, medianOf, sumOf, valuesIn } from './minutes.ts'

/** The numbers of prometheus/rules/forecast.yml, by their names there. */
export const forecastNumbers = {
  correction_min_ratio: 0.5,
  correction_max_ratio: 2,
  correction_prior_replicas: 1,
  compared_min: 30,
  judged_min: 60,
  error_bound_ratio: 0.4,
  error_resume_ratio: 0.3,
}

const hour = 60
const day = 24 * hour

/** How long ago comparable times were, in minutes. */
const earlierTimes: Readonly<Record<ForecastPeriod, readonly number[]>> = {
  daily: [1, 2, 3, 4, 5, 6, 7].map((days) => days * day),
  weekly: [7, 14, 21, 28].map((days) => days * day),
}

/** The results of the rules in one minute. */
export interface ForecastResult {
  /** The replicas expected within the look-ahead, active or not. Absent: not enough history. */
  readonly replicas?: number
  /** The error of the last day, relative to the replicas needed. Absent: too few forecasts could be judged. */
  readonly errorRatio?: number
  readonly isSwitchedOff: boolean
  /** The signal `forecast`. Absent: it is not active. */
  readonly signal?: number
}

/** The rules of prometheus/rules/forecast.yml for one service, minute by minute, in a Prometheus with four weeks of retention and no outage. */
export class ForecastModel {
  readonly #forecast: Forecast
  readonly #lookAhead: number
  readonly #needed: (number | undefined)[] = []
  /** By the minute in which it was recorded: an hour before the minute that it is for. */
  readonly #usualIn1h: (number | undefined)[] = []
  readonly #forecasts: (number | undefined)[] = []
  readonly #misses: (number | undefined)[] = []
  readonly #outcomes: (number | undefined)[] = []
  #isSwitchedOff = false

  constructor(forecast: Forecast) {
    this.#forecast = forecast
    this.#lookAhead = forecast.lookAheadMs / 60_000
  }

  /**
   * Evaluates the rules once, a minute after the call before. `needed`: the mean of the replicas needed in the last minute, by the largest
   * signal; absent: nothing was measured.
   */
  evaluate(needed: number | undefined): ForecastResult {
    const now = this.#needed.push(needed) - 1
    this.#usualIn1h.push(this.#usual(now + hour))
    const replicas = this.#expect(now)
    this.#forecasts.push(replicas)
    this.#judge(now)
    const errorRatio = this.#errorRatio(now)
    this.#isSwitchedOff = this.#isTooWrong(errorRatio)
    const isActive = errorRatio !== undefined && !this.#isSwitchedOff && !this.#forecast.isForecastOnly
    return {
      isSwitchedOff: this.#isSwitchedOff,
      ...defined({ replicas, errorRatio, signal: isActive ? replicas : undefined }),
    }
  }

  #usual(minute: number): number | undefined {
    const earlier = earlierTimes[this.#forecast.period].map((ago) => this.#needed[minute - ago])
    return medianOf(earlier.filter((needed) => needed !== undefined))
  }

  #expect(now: number): number | undefined {
    const correction = this.#correction(now)
    const usual = maxOf(valuesIn(this.#usualIn1h, now - hour + this.#lookAhead, this.#lookAhead))
    return correction === undefined || usual === undefined ? undefined : correction * usual
  }

  #correction(now: number): number | undefined {
    const minutes = Array.from({ length: hour }, (_, ago) => now - ago)
    const pairs = minutes.flatMap((minute) => {
      const today = this.#needed[minute]
      const usual = this.#usualIn1h[minute - hour]
      return today === undefined || usual === undefined ? [] : [{ today, usual }]
    })
    const { compared_min, correction_prior_replicas: prior } = forecastNumbers
    if (this.#needed[now] === undefined || pairs.length < compared_min) return undefined
    const ofToday = sumOf(pairs.map(({ today }) => today)) / pairs.length
    const ofUsual = sumOf(pairs.map(({ usual }) => usual)) / pairs.length
    const { correction_min_ratio, correction_max_ratio } = forecastNumbers
    return Math.min(
      correction_max_ratio,
      Math.max(correction_min_ratio, (ofToday + prior) / (ofUsual + prior)),
    )
  }

  /** Compares the forecast of one look-ahead ago with the most that was needed since. */
  #judge(now: number): void {
    const forecast = this.#forecasts[now - this.#lookAhead]
    const outcome = maxOf(valuesIn(this.#needed, now, this.#lookAhead))
    const isJudged = forecast !== undefined && outcome !== undefined
    this.#misses.push(isJudged ? Math.abs(forecast - outcome) : undefined)
    this.#outcomes.push(forecast === undefined ? undefined : outcome)
  }

  #errorRatio(now: number): number | undefined {
    const misses = valuesIn(this.#misses, now, day)
    if (misses.length < forecastNumbers.judged_min) return undefined
    const ratio = sumOf(misses) / sumOf(valuesIn(this.#outcomes, now, day))
    return Number.isNaN(ratio) ? undefined : ratio
  }

  #isTooWrong(errorRatio: number | undefined): boolean {
    const { error_bound_ratio, error_resume_ratio } = forecastNumbers
    const bound = this.#isSwitchedOff ? error_resume_ratio : error_bound_ratio
    return errorRatio !== undefined && errorRatio > bound
  }
}
