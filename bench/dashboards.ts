/**
 * How long the dashboards' queries take over a day, with 500 services and a tenth of that. It takes about ten minutes;
 * README.md explains the output.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AskOptions, ask } from '../grafana/preview/ask.ts'
import { all, type Chosen } from '../grafana/preview/interpolate.ts'
import { type Batch, remoteWrite } from '../grafana/preview/remote-write.ts'
import { serveData } from '../grafana/preview/serve-data.ts'
import { panelsOf, readDashboards } from '../grafana/preview/shape.ts'

const sizes = [50, 500]
const scrapeMs = 5_000
const recordMs = 60_000
const dayMs = 86_400_000
/** So much is written at once. */
const sliceMs = 900_000
const seriesAtOnce = 1_000

const toMs = Math.floor(Date.now() / dayMs) * dayMs
const span = { fromMs: toMs - dayMs, toMs }

type Labels = Readonly<Record<string, string>>

interface Series {
  readonly labels: Labels
  readonly everyMs: number
  readonly valueAt: (ms: number) => number
}

/** The series of a service: its replicas swing with the day, and change once in ten minutes. */
function aService(index: number): readonly Series[] {
  const service = `stack${index % 40}_service${index}`
  const receiver = { job: 'swarm-autoscaler', instance: '10.0.0.2:9095', service }
  const replicas = (ms: number) =>
    3 + Math.round(2 * Math.sin((2 * Math.PI * Math.floor(ms / 600_000)) / 144 + index))
  const own = (name: string, valueAt: (ms: number) => number, more: Labels = {}): Series => ({
    labels: { __name__: `swarm_autoscaler_${name}`, ...receiver, ...more },
    everyMs: scrapeMs,
    valueAt,
  })
  const recorded = (
    name: string,
    everyMs: number,
    valueAt: (ms: number) => number,
    more: Labels = {},
  ): Series => ({
    labels: { __name__: `swarm_autoscaler:${name}`, service, ...more },
    everyMs,
    valueAt,
  })
  const counted = (everyMs: number) => (ms: number) => Math.floor((ms - span.fromMs) / everyMs)
  return [
    own('service_desired_replicas', replicas),
    own('service_running_replicas', replicas),
    own('service_needed_replicas', replicas),
    own('service_min_replicas', () => 1),
    own('service_max_replicas', () => 10),
    own('service_policy_valid', () => 1),
    own('service_pending_replicas', () => 0),
    own('service_failing_replicas', () => 0),
    own('service_cost_per_hour', () => 0.05),
    own('service_status_info', () => 1, {
      decision: 'hold',
      reason: index % 50 === 0 ? 'at_max' : 'no_alert',
    }),
    ...['up', 'down'].flatMap((direction) => [
      own('service_last_scale_timestamp_seconds', (ms) => Math.floor(ms / 600_000) * 600, { direction }),
      own('service_cooldown_until_timestamp_seconds', (ms) => Math.floor(ms / 600_000) * 600 + 60, {
        direction,
      }),
      own('service_paused', () => 0, { direction }),
      own('scalings_total', counted(1_200_000), { direction, outcome: 'applied' }),
      own('scalings_total', () => 0, { direction, outcome: 'failed' }),
    ]),
    own('decisions_total', counted(600_000), { decision: 'scale', reason: 'alert' }),
    own('decisions_total', counted(60_000), { decision: 'hold', reason: 'stabilizing' }),
    own('replica_seconds_total', (ms) => (3 * (ms - span.fromMs)) / 1_000),
    own('redeploys_restored_total', () => 0),
    recorded('needed_replicas', scrapeMs, replicas),
    recorded('desired_replicas', scrapeMs, replicas),
    recorded('replicas_needed', scrapeMs, replicas, { signal: 'requests' }),
    recorded('replica_seconds:increase1m', recordMs, (ms) => 60 * replicas(ms)),
    recorded('cost:increase1m', recordMs, (ms) => (replicas(ms) * 0.05) / 60),
    recorded('running_replicas:max1m', recordMs, replicas),
  ]
}

async function fill(url: string, services: number): Promise<number> {
  const series = Array.from({ length: services }, (_, index) => aService(index)).flat()
  let samples = 0
  for (let fromMs = span.fromMs; fromMs < span.toMs; fromMs += sliceMs) {
    for (let first = 0; first < series.length; first += seriesAtOnce) {
      const batches = series.slice(first, first + seriesAtOnce).map((each) => slice(each, fromMs))
      samples += batches.reduce((sum, batch) => sum + batch.samples.length, 0)
      await remoteWrite(url, batches)
    }
  }
  return samples
}

function slice({ labels, everyMs, valueAt }: Series, fromMs: number): Batch {
  const times = Array.from({ length: sliceMs / everyMs }, (_, index) => fromMs + index * everyMs)
  return { labels, samples: times.map((ms) => [ms, valueAt(ms)] as const) }
}

interface Row {
  readonly panel: string
  /** Each query of it, one after the other, in ms. */
  readonly ms: number
}

async function measure(url: string): Promise<readonly Row[]> {
  const options: AskOptions = { prometheus: url, span, chosen: {}, width: 1_600 }
  const rows: Row[] = []
  for (const [file, dashboard] of readDashboards()) {
    // Of one service, whatever their number.
    if (file === 'service.json') continue
    for (const panel of panelsOf(dashboard)) {
      const chosen: Record<string, Chosen> = { service: panel.repeat === undefined ? all : 'stack0_service0' }
      const startedMs = performance.now()
      for (const target of panel.targets)
        await ask(dashboard, { ...panel, targets: [target] }, { ...options, chosen })
      rows.push({ panel: `${file.replace('.json', '')}: ${panel.title}`, ms: performance.now() - startedMs })
    }
  }
  return rows
}

const perService = (gauge: string) => `max by (service) (swarm_autoscaler_service_${gauge}{service=~".+"})`

/** What panels ask of recorded series, asked of what is scraped. */
const unrecorded = [
  {
    name: 'overview: Replicas of the selected services, only `needed`',
    query: `sum(max by (service) (swarm_autoscaler:replicas_needed) or ${perService('needed_replicas')} or ${perService('desired_replicas')})`,
    stepSeconds: 120,
  },
  {
    name: 'cost: Cost per hour, only `paid`',
    query: `sum(${perService('running_replicas')} * on (service) ${perService('cost_per_hour')})`,
    stepSeconds: 60,
  },
  {
    name: 'cost: Cost by day, of one day',
    query: `sum by (service) (increase(swarm_autoscaler_replica_seconds_total[1d])) / 3600 * on (service) ${perService('cost_per_hour')}`,
    stepSeconds: 86_400,
  },
] as const

async function measureUnrecorded(url: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { name, query, stepSeconds } of unrecorded) {
    const startedMs = performance.now()
    const times = { start: `${span.fromMs / 1_000}`, end: `${span.toMs / 1_000}`, step: `${stepSeconds}` }
    const body = new URLSearchParams({ query, ...times })
    const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body })
    if (!response.ok) throw new Error(await response.text())
    await response.text()
    rows.push({ panel: `${name}, of what is scraped`, ms: performance.now() - startedMs })
  }
  return rows
}

for (const services of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-bench-'))
  const { url, close } = await serveData(folder, ['--web.enable-remote-write-receiver'])
  try {
    const startedMs = performance.now()
    const samples = await fill(url, services)
    const took = ((performance.now() - startedMs) / 1_000).toFixed(0)
    console.log(
      `\n${services} services, a day: ${(samples / 1e6).toFixed(0)} million samples, written in ${took} s`,
    )
    // The first time reads them from disk.
    await measure(url)
    const rows = [...(await measure(url)), ...(await measureUnrecorded(url))]
    for (const { panel, ms } of rows.toSorted((a, b) => b.ms - a.ms).slice(0, 20)) {
      console.log(`  ${`${ms.toFixed(0)} ms`.padStart(9)}  ${panel}`)
    }
    console.log(`  load average ${(loadavg()[0] ?? Number.NaN).toFixed(1)}`)
  } finally {
    await close()
    rmSync(folder, { recursive: true, force: true })
  }
}
