import type { Forecast } from '../../domain/forecast.ts'
import { ForecastModel } from './forecast-model.ts'

/** Seconds between two evaluations of the forecast's rules, and the window of the mean of a minute. */
const intervalSeconds = 60
const meanSeconds = 55

/**
 * The signal `forecast` of one service: at each evaluation of the scaling rules it takes the replicas needed by measurement, and returns
 * the replicas that it asks for. Seconds count from the start of its history, and never go back.
 */
export function forecastSignal(
  forecast: Forecast,
): (second: number, needed: number | undefined) => number | undefined {
  const model = new ForecastModel(forecast)
  let received: { readonly at: number; readonly needed: number }[] = []
  let evaluateAt = intervalSeconds
  let signal: number | undefined
  return (second, needed) => {
    if (needed !== undefined) received.push({ at: second, needed })
    for (; second >= evaluateAt; evaluateAt += intervalSeconds) {
      const evaluatedAt = evaluateAt
      const inMinute = received.filter(({ at }) => at > evaluatedAt - meanSeconds && at <= evaluatedAt)
      const sum = inMinute.reduce((all, one) => all + one.needed, 0)
      signal = model.evaluate(inMinute.length === 0 ? undefined : sum / inMinute.length).signal
      received = received.filter(({ at }) => at > evaluatedAt)
    }
    return signal
  }
}
