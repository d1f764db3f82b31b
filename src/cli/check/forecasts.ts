import { formatDuration } from '../../domain/duration.ts'
import type { Forecast, ForecastPeriod } from '../../domain/forecast.ts'
import type { Finding, FindingRule } from './findings.ts'
import type { CheckPorts } from './ports.ts'
import type { Rule } from './rules-file.ts'
import type { PolicyOf } from './services.ts'
import { isSupplied } from './targets.ts'

const dayMs = 86_400_000

/** The retention that a forecast needs: its seven days or two weeks, and an hour, rounded up to a day. */
const neededMs: Readonly<Record<ForecastPeriod, number>> = { daily: 8 * dayMs, weekly: 15 * dayMs }

/** The forecasts that none of these rules computes. */
export function checkForecasts(rules: readonly Rule[], policies: readonly PolicyOf[]): readonly Finding[] {
  if (isSupplied(rules, 'forecast')) return []
  return forecastsOf(policies).map(({ name }) =>
    finding(
      name,
      'forecast-without-rule',
      'autoscaler.forecast: no rule records swarm_autoscaler:replicas_needed{signal="forecast"}, so there is no forecast; the shipped forecast.yml has such a rule',
    ),
  )
}

/** The forecasts that need more retention than this Prometheus has; none if its retention is not known. */
export async function checkRetention(
  address: string,
  policies: readonly PolicyOf[],
  queryRetentionMs: CheckPorts['queryRetentionMs'],
): Promise<readonly Finding[]> {
  const forecasts = forecastsOf(policies)
  if (forecasts.length === 0) return []
  const retentionMs = await queryRetentionMs(address)
  if (retentionMs === undefined) return []
  return forecasts
    .filter(({ forecast: { period } }) => retentionMs < neededMs[period])
    .map(({ name, forecast: { period } }) => {
      const needed = formatDuration(neededMs[period])
      const message = `autoscaler.forecast=${JSON.stringify(period)} uses the replicas needed in the last ${needed}, but the retention of Prometheus is ${formatDuration(retentionMs)}; set --storage.tsdb.retention.time=${needed} or more`
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
