/** After how long the load repeats itself. */
export const forecastPeriods = ['daily', 'weekly'] as const
export type ForecastPeriod = (typeof forecastPeriods)[number]

/** The look-aheads that the rules of prometheus/rules/forecast.yml have a line for, in ms. */
export const forecastLookAheadsMs = [300_000, 600_000, 1_200_000, 1_800_000, 3_600_000] as const
export type ForecastLookAheadMs = (typeof forecastLookAheadsMs)[number]

/** Most services start in less than a minute; the rest is for loads that are a little early today. */
export const defaultForecastLookAheadMs: ForecastLookAheadMs = 600_000

/** That replicas are raised before the load comes that earlier days or weeks had at this time. */
export interface Forecast {
  readonly period: ForecastPeriod
  /** How far ahead what is expected counts now: the time to start, and a margin. Default 10 min. */
  readonly lookAheadMs: ForecastLookAheadMs
  /** Shown and recorded, but not acted on. Default false. */
  readonly isForecastOnly: boolean
}
