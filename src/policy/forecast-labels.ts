import { defaultForecastLookAheadMs, type Forecast } from '../domain/forecast.ts'
import { type LabelReader, prefix } from './label-reader.ts'
import * as value from './label-values.ts'

/** The other labels that matter to a forecast. */
interface ForecastContext {
  readonly targets: Readonly<Record<string, number>>
  readonly upCooldownMs: number | undefined
}

/** Signals without a forecast: memory follows the number of replicas, latency and errors give no number of them. */
const notForecast: ReadonlySet<string> = new Set(['memory', 'latency', 'errors'])

/** Reads `autoscaler.forecast` and its options. Absent: there is none, or it is invalid. */
export function readForecast(reader: LabelReader, context: ForecastContext): Forecast | undefined {
  const period = reader.optional('forecast', value.forecastPeriod)
  const isForecastOnly = reader.optional('forecast-only', value.boolean) ?? false
  const lookAheadMs = reader.optional('forecast-look-ahead', value.lookAhead) ?? defaultForecastLookAheadMs
  if (!reader.has('forecast')) warnOfUnused(reader)
  if (period === undefined) return undefined
  checkEffect(reader, context)
  return { period, lookAheadMs, isForecastOnly }
}

/** A warning only: the policy file may have these options for all services, with and without a forecast. */
function warnOfUnused(reader: LabelReader): void {
  for (const key of ['forecast-only', 'forecast-look-ahead']) {
    if (reader.has(key)) reader.warn(key, `has no effect without ${prefix}forecast`)
  }
}

function checkEffect(reader: LabelReader, { targets, upCooldownMs = 0 }: ForecastContext): void {
  if (Object.keys(targets).every((signal) => notForecast.has(signal))) {
    reader.warn(
      'forecast',
      'has no target that it can use; memory, latency and errors do not give a number of replicas',
    )
  }
  if (upCooldownMs > 0) {
    const key = `${prefix}up.cooldown`
    reader.warn(
      'forecast',
      `conflicts with ${key}: an up by the forecast starts this cooldown, and unexpected load waits until it ends`,
    )
  }
}
