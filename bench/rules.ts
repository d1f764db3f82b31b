/**
 * How long the shipped rules take to evaluate, at 500 services with 10 replicas each and at a tenth of that. It takes about
 * three minutes; README.md explains the output.
 */
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Size, serveMadeUpSeries } from './made-up-exporter.ts'
import { measure } from './running-prometheus.ts'
import { table } from './table.ts'

const sizes: readonly Size[] = [
  { services: 50, replicas: 10 },
  { services: 500, replicas: 10 },
]
/** The first evaluations meet windows that are not full yet, and series that are new. */
const settlingSeconds = 35
const measuredSeconds = 60

type Group = {
  readonly name: string
  readonly intervalSeconds: number
  readonly rules: number
  readonly evaluations: readonly number[]
  /** Evaluations that were due and left out because the one before still ran. */
  readonly missed: number
}

type Rule = { readonly name: string; readonly seconds: number; readonly health: string }

type Result = {
  readonly size: Size
  readonly series: number
  readonly firing: number
  readonly groups: readonly Group[]
  readonly slowest: readonly Rule[]
  readonly cores: number
  readonly memoryBytes: number
  /** What else the machine had to do shows here: processes that ran or wanted to, in the mean of a minute. */
  readonly load: number
}

/** Values of Prometheus' own metrics: of a group by `name{rule_group="…"}`, of others by their name. */
type OwnMetrics = ReadonlyMap<string, number>

async function ownMetrics(url: string): Promise<OwnMetrics> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const pairs = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): [string, number] => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    })
  return new Map(pairs)
}

const prefix = 'prometheus_rule_group_'
const groupLabel = /^prometheus_rule_group_rules(\{.*\})$/

function groupsOf(metrics: OwnMetrics): readonly string[] {
  return [...metrics.keys()].flatMap((key) => groupLabel.exec(key)?.[1] ?? [])
}

/** Asks every half second, so that no evaluation is passed over. */
async function watchGroups(url: string): Promise<readonly Group[]> {
  const first = await ownMetrics(url)
  const evaluations = new Map(groupsOf(first).map((label) => [label, new Map<number, number>()]))
  let last = first
  for (const endMs = Date.now() + 1_000 * measuredSeconds; Date.now() < endMs; await sleep(500)) {
    last = await ownMetrics(url)
    for (const [label, seen] of evaluations) {
      const at = last.get(`${prefix}last_evaluation_timestamp_seconds${label}`) ?? 0
      seen.set(at, last.get(`${prefix}last_duration_seconds${label}`) ?? 0)
    }
  }
  return [...evaluations].map(([label, seen]) => ({
    // A group's label is the path of its file and its name.
    name: /;([^"]+)"/.exec(label)?.[1] ?? label,
    intervalSeconds: first.get(`${prefix}interval_seconds${label}`) ?? Number.NaN,
    rules: first.get(`${prefix}rules${label}`) ?? 0,
    evaluations: [...seen.values()],
    missed:
      (last.get(`${prefix}iterations_missed_total${label}`) ?? 0) -
      (first.get(`${prefix}iterations_missed_total${label}`) ?? 0),
  }))
}

type RulesAnswer = {
  readonly data: {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly name: string
        readonly labels?: Readonly<Record<string, string>>
        readonly evaluationTime: number
        readonly health: string
        readonly alerts?: readonly { readonly state: string }[]
      }[]
    }[]
  }
}

async function lastRules(url: string): Promise<{ readonly rules: readonly Rule[]; readonly firing: number }> {
  const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as RulesAnswer
  const all = data.groups.flatMap(({ rules }) => rules)
  const rules = all.map(({ name, labels = {}, evaluationTime, health }) => {
    const inside = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
    return { name: inside.length > 0 ? `${name}{${inside}}` : name, seconds: evaluationTime, health }
  })
  return {
    rules,
    firing: all.flatMap(({ alerts = [] }) => alerts.filter((a) => a.state === 'firing')).length,
  }
}

async function bench(size: Size): Promise<Result> {
  console.log(`${size.services} services with ${size.replicas} replicas each ...`)
  const exporter = await serveMadeUpSeries(size)
  try {
    const prometheus = await measure(exporter, size)
    try {
      await sleep(1_000 * settlingSeconds)
      const before = await ownMetrics(prometheus.url)
      const groups = await watchGroups(prometheus.url)
      const after = await ownMetrics(prometheus.url)
      const { rules, firing } = await lastRules(prometheus.url)
      const broken = rules.filter(({ health }) => health !== 'ok')
      if (broken.length > 0) throw new Error(`rules fail: ${broken.map(({ name }) => name).join(', ')}`)
      const cpu = 'process_cpu_seconds_total'
      return {
        size,
        groups,
        firing,
        series: after.get('prometheus_tsdb_head_series') ?? 0,
        slowest: rules.toSorted((a, b) => b.seconds - a.seconds).slice(0, 8),
        cores: ((after.get(cpu) ?? 0) - (before.get(cpu) ?? 0)) / measuredSeconds,
        memoryBytes: after.get('process_resident_memory_bytes') ?? 0,
        load: loadavg()[0] ?? Number.NaN,
      }
    } finally {
      await prometheus.close()
    }
  } finally {
    await exporter.close()
  }
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
const milliseconds = (seconds: number) => `${(1_000 * seconds).toFixed(0)} ms`

function row(group: Group, { size, series }: Result, smallest: Result): readonly string[] {
  const base = smallest.groups.find(({ name }) => name === group.name)
  const time = mean(group.evaluations)
  return [
    group.name,
    `${group.rules}`,
    `${size.services}`,
    `${series}`,
    milliseconds(time),
    milliseconds(Math.max(...group.evaluations)),
    `${((100 * time) / group.intervalSeconds).toFixed(1)} % of ${group.intervalSeconds} s`,
    `${group.missed}`,
    `${(time / mean(base?.evaluations ?? [])).toFixed(1)}`,
  ]
}

const heads = [
  'group',
  'rules',
  'services',
  'series',
  'mean',
  'longest',
  'of its interval',
  'missed',
  'times',
]
const results: Result[] = []
for (const size of sizes) results.push(await bench(size))
const [smallest] = results
if (smallest !== undefined) {
  const rows = smallest.groups.flatMap(({ name }) =>
    results.flatMap((result) =>
      result.groups.filter((group) => group.name === name).map((group) => row(group, result, smallest)),
    ),
  )
  console.log(`\n${table([heads, ...rows])}`)
}
for (const { size, firing, cores, memoryBytes, load, slowest } of results) {
  const memory = (memoryBytes / 1e6).toFixed(0)
  console.log(
    `\n${size.services} services: ${firing} alerts fire; Prometheus uses ${cores.toFixed(2)} of ${availableParallelism()} cores and ${memory} MB; load average ${load.toFixed(1)}. Slowest rules:`,
  )
  for (const { name, seconds } of slowest) console.log(`  ${milliseconds(seconds).padStart(8)}  ${name}`)
}
