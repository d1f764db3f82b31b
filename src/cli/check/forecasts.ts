import { formatDuration } from '../../domain/duration.ts'
import type { Forecast, ForecastPeriod } from '../../domain/forecast.ts'
import type { Finding, FindingRule } from './findings.ts'
import type { CheckPorts } from './ports.ts'
import type { Rule } from './rules-file.ts'
import type { PolicyOf } from './services.ts'
import { isSupplied } from './targets.ts'

const dayMs = 86_400_000

/** How long Prometheus must remember for the whole of what a forecast goes by: seven days, or two weeks, and an hour. */
const wantedMs: Readonly<Record<ForecastPeriod, number>> = { daily: 8 * dayMs, weekly: 15 * dayMs }

/** The forecasts that nothing makes, because no rule among these does. */
export function checkForecasts(rules: readonly Rule[], policies: readonly PolicyOf[]): readonly Finding[] {
  if (isSupplied(rules, 'forecast')) return []
  return forecastsOf(policies).map(({ name }) =>
    finding(
      name,
      'forecast-without-rule',
      'autoscaler.forecast: no rule records swarm_autoscaler:replicas_needed{signal="forecast"}, so nothing is expected; the shipped forecast.yml does',
    ),
  )
}

/** The forecasts that look back further than this Prometheus remembers. Nothing where it does not tell. */
export async function checkRetention(
  address: string,
  policies: readonly PolicyOf[],
  askRetentionMs: CheckPorts['askRetentionMs'],
): Promise<readonly Finding[]> {
  const forecasts = forecastsOf(policies)
  if (forecasts.length === 0) return []
  const retentionMs = await askRetentionMs(address)
  if (retentionMs === undefined) return []
  return forecasts
    .filter(({ forecast: { period } }) => retentionMs < wantedMs[period])
    .map(({ name, forecast: { period } }) => {
      const wanted = formatDuration(wantedMs[period])
      const message = `autoscaler.forecast=${JSON.stringify(period)} goes by what was needed in the last ${wanted}, and Prometheus forgets after ${formatDuration(retentionMs)}; set its --storage.tsdb.retention.time=${wanted} or more`
      return finding(name, 'short-retention', message)
    })
}

function forecastsOf(policies: readonly PolicyOf[]): readonly { name: string; forecast: Forecast }[] {
  return policies.flatMap(({ name, policy: { forecast } }) =>
    forecast === undefined ? [] : [{ name, forecast }],
  )
}

function finding(service: string, rule: FindingRule, message: string): Finding {
  return { severity: 'warning', where: { service }, rule, message }
}
