import { defaultForecastLookAheadMs, type Forecast } from '../domain/forecast.ts'
import { type LabelReader, prefix } from './label-reader.ts'
import * as value from './label-values.ts'

/** What a forecast is held against. */
interface Surroundings {
  readonly targets: Readonly<Record<string, number>>
  readonly upCooldownMs: number | undefined
}

/** Signals that no forecast goes by: the first tells how many replicas there are, the others name no number of them. */
const loadless: ReadonlySet<string> = new Set(['memory', 'latency', 'errors'])

/** Reads `autoscaler.forecast` and the labels that go with it. Absent where there is none, and where it is refused. */
export function readForecast(reader: LabelReader, surroundings: Surroundings): Forecast | undefined {
  const period = reader.optional('forecast', value.forecastPeriod)
  const isForecastOnly = reader.optional('forecast-only', value.boolean) ?? false
  const lookAheadMs = reader.optional('forecast-look-ahead', value.lookAhead) ?? defaultForecastLookAheadMs
  if (!reader.has('forecast')) warnOfIdle(reader)
  if (period === undefined) return undefined
  checkEffect(reader, surroundings)
  return { period, lookAheadMs, isForecastOnly }
}

/** No fault: one of the layers may well say it for all services, whichever have a forecast. */
function warnOfIdle(reader: LabelReader): void {
  for (const key of ['forecast-only', 'forecast-look-ahead']) {
    if (reader.has(key)) reader.warn(key, `has no effect without ${prefix}forecast`)
  }
}

function checkEffect(reader: LabelReader, { targets, upCooldownMs = 0 }: Surroundings): void {
  if (Object.keys(targets).every((signal) => loadless.has(signal))) {
    reader.warn(
      'forecast',
      'has no target to go by; memory, latency and errors do not tell how many replicas the load needs',
    )
  }
  if (upCooldownMs > 0) {
    const key = `${prefix}up.cooldown`
    reader.warn(
      'forecast',
      `stands beside ${key}: an up for what is expected starts that pause, and load that comes unexpectedly waits for its end`,
    )
  }
}
