import { describe, expect, it } from 'vitest'
import { aPolicy, aService } from '../../../test/support/fakes/builders.ts'
import { aFolder, runCheck } from '../../../test/support/fakes/check-world.ts'
import type { ForecastPeriod } from '../../domain/forecast.ts'

const address = 'http://127.0.0.1:9090'
const day = 86_400_000

const withForecast = (period: ForecastPeriod) =>
  aService({ policy: aPolicy({ forecast: { period, lookAheadMs: 600_000, isForecastOnly: false } }) })

const rules = (...signals: readonly string[]) => {
  const lines = signals.map(
    (signal) =>
      `      - {record: "swarm_autoscaler:replicas_needed", labels: {signal: ${signal}}, expr: x}\n`,
  )
  return `${aFolder({ 'r.yml': `groups:\n  - rules:\n${lines.join('')}` })}/r.yml`
}

describe('a forecast that no rule makes', () => {
  it('is warned of', async () => {
    const world = { services: [withForecast('daily')] }
    const { status, out } = await runCheck(['--rules', rules('requests')], world)
    expect({ status, out }).toEqual({
      status: 0,
      out: [
        expect.stringMatching(/^service web: warning: autoscaler.forecast: no rule records .*"forecast"/),
        expect.stringMatching(/^0 errors, 1 warning/),
      ],
    })
  })

  it.each([
    ['a rule makes it', [withForecast('daily')], ['requests', 'forecast']],
    ['there is none', [aService()], ['requests']],
  ])('is none where %s', async (_, services, signals) => {
    const { out } = await runCheck(['--rules', rules(...signals)], { services })
    expect(out).toEqual([expect.stringMatching(/^0 errors, 0 warnings/)])
  })
})

describe('a Prometheus that forgets', () => {
  const warningsFor = async (period: ForecastPeriod, retentionMs?: number) => {
    const { out } = await runCheck(['--prometheus', address], {
      services: [withForecast(period)],
      prometheus: () => [{ labels: { service: 'web', signal: 'requests' }, value: 1 }],
      ...(retentionMs === undefined ? {} : { retentionMs }),
    })
    return out.slice(0, -1)
  }

  it.each([
    ['weekly', 15 * day - 1],
    ['weekly', 8 * day],
    ['daily', 8 * day - 1],
  ] as const)('is warned of with a %s forecast after %i ms', async (period, retentionMs) => {
    expect(await warningsFor(period, retentionMs)).toEqual([
      expect.stringMatching(
        new RegExp(`^service web: warning: autoscaler.forecast="${period}" .*the retention of Prometheus is`),
      ),
    ])
  })

  it.each([
    ['weekly', 15 * day],
    ['daily', 8 * day],
    ['weekly', undefined],
  ] as const)('is right with a %s forecast after %s ms', async (period, retentionMs) => {
    expect(await warningsFor(period, retentionMs)).toEqual([])
  })
})
