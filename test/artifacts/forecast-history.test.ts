import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { queryPrometheus } from '../../src/prometheus/query.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { type RunningPrometheus, startPrometheus } from '../support/tools/running-prometheus.ts'
import { FORECAST_RULES, RULES } from './shipped-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-history-'))
afterAll(() => rmSync(folder, { recursive: true }))

const minute = 60
const hour = 60 * minute
const week = 7 * 24 * hour
const quiet = 2
const busy = 8

/** What was needed a week ago, so many seconds after this time of that day: the peak of `soon` begins within the look-ahead. */
const peaks = { soon: 6 * minute, later: 40 * minute } as const
type Name = keyof typeof peaks
const names = Object.keys(peaks) as Name[]
const usual = (name: Name, after: number) => (after >= peaks[name] ? busy : quiet)

/** Whole minutes from `begin` to `end`, in seconds from now. */
const minutes = (begin: number, end: number) =>
  Array.from({ length: (end - begin) / minute + 1 }, (_, index) => begin + index * minute)

/** What the rules recorded a week ago, and in the last hours, in the text format of OpenMetrics. */
function history(now: number): string {
  const recent = minutes(-3 * hour, -minute)
  const aWeekAgo = minutes(-week - hour, -week + 2 * hour)
  const series = (
    name: string,
    at: readonly number[],
    value: (service: Name, after: number) => number,
    labels: readonly string[] = [''],
  ) => [
    `# TYPE swarm_autoscaler:${name} gauge`,
    ...names.flatMap((service) =>
      labels.flatMap((more) =>
        at.map(
          (after) =>
            `swarm_autoscaler:${name}{service="${service}"${more}} ${value(service, after)} ${now + after}`,
        ),
      ),
    ),
  ]
  return [
    ...series('replicas_needed:avg1m', [...aWeekAgo, ...recent], (service, after) =>
      after < -week / 2 ? usual(service, after + week) : quiet,
    ),
    ...series('replicas_needed:usual_in1h', recent, (service, after) => usual(service, after + hour)),
    ...series('forecast_compared_replicas', recent, () => quiet, [',of="today"', ',of="usual"']),
    ...series('forecast_miss_replicas', recent, () => 0),
    ...series('forecast_outcome_replicas', recent, () => quiet),
    '# EOF\n',
  ].join('\n')
}

/** Two services of 2 replicas that are as busy as they should be, and their policies. */
async function serveServices(): Promise<Server> {
  const startedMs = Date.now()
  const server = createServer((_, response) => {
    const seconds = (Date.now() - startedMs) / 1_000
    const lines = names.flatMap((service) => [
      `swarm_autoscaler_service_desired_replicas{service="${service}"} ${quiet}`,
      `swarm_autoscaler_service_min_replicas{service="${service}"} 1`,
      `swarm_autoscaler_service_target{service="${service}",signal="requests"} 10`,
      `swarm_autoscaler_service_forecast_look_ahead_seconds{service="${service}",period="weekly",mode="act"} 600`,
      `http_requests_total{service="${service}"} ${10 * quiet * seconds}`,
    ])
    response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(`${lines.join('\n')}\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** The shipped rules, but that those of the forecast are evaluated as often as the others: nobody waits a minute here. */
function hurriedRules(): string {
  const rules = join(folder, 'rules')
  cpSync(RULES, rules, { recursive: true })
  const text = readFileSync(FORECAST_RULES, 'utf8')
  expect(text.split('interval: 1m')).toHaveLength(2)
  writeFileSync(join(rules, 'forecast.yml'), text.replace('interval: 1m', 'interval: 2s'))
  return join(rules, '*.yml')
}

let running: { prometheus?: RunningPrometheus; server?: Server } = {}
afterEach(async () => {
  await running.prometheus?.close()
  running.server?.closeAllConnections()
  running.server?.close()
  running = {}
})

await describeWithTools('a Prometheus that remembers last week', ({ promtool }) => {
  it('has replicas asked for before the load of that time comes, and not earlier', async () => {
    const server = await serveServices()
    running.server = server
    const file = join(folder, 'history.om')
    writeFileSync(file, history(Math.floor(Date.now() / 1_000)))
    const fill = async (data: string) => {
      const args = ['tsdb', 'create-blocks-from', 'openmetrics', file, data]
      const { exitCode, output } = await runTool(promtool, args)
      expect(exitCode, output).toBe(0)
    }
    const { port } = server.address() as AddressInfo
    const job = {
      job_name: 'services',
      honor_labels: true,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    }
    const configuration = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [hurriedRules()],
      scrape_configs: [job],
    }
    const prometheus = await startPrometheus(configuration, { fill })
    running.prometheus = prometheus
    const ask = (query: string) => queryPrometheus(prometheus.url, query)

    const alerts = await waitFor(
      async () => {
        const found = await ask('ALERTS{alertname="SwarmServiceNeedsMoreReplicas",alertstate="firing"}')
        return found.length === 0 ? undefined : found
      },
      {
        for: 'an alert',
        timeoutMs: 45_000,
        explain: async () => JSON.stringify(await ask('{service="soon"}')),
      },
    )

    expect(alerts.map(({ labels }) => labels['service'])).toEqual(['soon'])
    const signals = await ask('swarm_autoscaler:replicas_needed:by_signal{signal="forecast"}')
    const byService = new Map(signals.map(({ labels, value }) => [labels['service'], value]))
    // The requests of the first seconds are a little more or less than 2 replicas bear.
    expect(byService.get('soon')).toBeGreaterThan(0.8 * busy)
    expect(byService.get('soon')).toBeLessThan(1.2 * busy)
    expect(byService.get('later')).toBeLessThan(1.2 * quiet)
    const [need] = await ask('swarm_autoscaler:replicas_needed_for_up:max{service="soon"}')
    expect(need?.value).toBe(byService.get('soon'))
  })
})
