import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { aPolicy, aService } from '../../../test/support/fakes/builders.ts'
import { aFolder, runCheck } from '../../../test/support/fakes/check-world.ts'
import type { ForecastPeriod } from '../../domain/forecast.ts'
import { queryRetentionMs } from './query-retention.ts'

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

describe('how long Prometheus remembers', () => {
  async function aServer(status: number, body: string): Promise<string> {
    const server = createServer(({ url }, response) =>
      response.writeHead(url === '/api/v1/status/runtimeinfo' ? status : 404).end(body),
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  it.each([
    ['15d', 15 * day],
    ['2w1d', 15 * day],
    ['8d or 512MiB', 8 * day],
    ['512MiB', undefined],
  ])('%s is %s ms', async (storageRetention, ms) => {
    const body = JSON.stringify({ status: 'success', data: { storageRetention, goroutines: 40 } })
    expect(await queryRetentionMs(await aServer(200, body))).toBe(ms)
  })

  it.each([
    [404, 'not found'],
    [200, '{"status":"success","data":{}}'],
  ])('is not known of one that answers %i %s', async (status, body) => {
    expect(await queryRetentionMs(await aServer(status, body))).toBeUndefined()
  })

  it('is not known of one that is not there', async () => {
    expect(await queryRetentionMs('http://127.0.0.1:1')).toBeUndefined()
  })
})
