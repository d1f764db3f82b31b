import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defined } from '../../src/domain/defined.ts'
import type { PrometheusVersion } from '../../src/simulator/pipeline/prometheus-rate.ts'
import { type Firing, RulesModel } from '../../src/simulator/pipeline/rules-model.ts'
import { type Measure, Scraper } from '../../src/simulator/pipeline/scraper.ts'
import { Plant } from '../../src/simulator/plant.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { SCALING_RULES } from './shipped-files.ts'

/** A load on a service whose replicas change at known times, whatever the rules say of it. */
interface Scenario {
  readonly measure: Measure
  readonly capacity: number
  readonly target: number
  readonly load: (second: number) => number
  readonly replicas: number
  readonly scalings: readonly { readonly at: number; readonly to: number }[]
  /** What a forecast asks for. Absent: there is none. */
  readonly forecast?: (second: number) => number | undefined
}

const seconds = 600
const startUpSeconds = 8
/** Scrapes come at seconds 0, 5, 10, … of a scenario, and evaluations 2 s later. */
const evaluationLag = 2
/** Most that a number of the model may be off, as a share of that of the real rules. */
const bound = 0.02

const ramp = (from: number, to: number, begin: number, end: number) => (second: number) =>
  from + (to - from) * Math.min(1, Math.max(0, (second - begin) / (end - begin)))

const scenarios: Readonly<Record<string, Scenario>> = {
  'requests that grow slowly, surge and go, on replicas that come and go': {
    measure: 'requests',
    capacity: 100,
    target: 70,
    load: (second) =>
      second < 360
        ? ramp(200, 320, 60, 140)(second) + ramp(0, 900, 200, 240)(second)
        : ramp(1_220, 150, 360, 380)(second),
    replicas: 4,
    scalings: [
      { at: 108, to: 6 },
      { at: 228, to: 12 },
      { at: 246, to: 20 },
      { at: 450, to: 10 },
      { at: 520, to: 5 },
    ],
  },
  'requests that jump and then run hot': {
    measure: 'requests',
    capacity: 100,
    target: 70,
    load: (second) => (second < 100 ? 210 : second < 250 ? 430 : 590),
    replicas: 3,
    scalings: [
      { at: 111, to: 7 },
      { at: 420, to: 9 },
    ],
  },
  'requests that jump to seven times as many': {
    measure: 'requests',
    capacity: 100,
    target: 70,
    load: (second) => (second < 100 ? 210 : 1_500),
    replicas: 3,
    scalings: [{ at: 131, to: 22 }],
  },
  'requests that run a little hot, and go on': {
    measure: 'requests',
    capacity: 100,
    target: 70,
    load: (second) => (second < 240 || second >= 300 ? 1.22 * 5 * 70 : 300),
    replicas: 5,
    scalings: [],
  },
  'CPU at 97 % of its limit': {
    measure: 'cpu',
    capacity: 0.5,
    target: 0.35,
    load: (second) => (second < 120 ? 1 : 0.97 * 4 * 0.5),
    replicas: 4,
    scalings: [{ at: 300, to: 6 }],
  },
  'requests beside a forecast that brings replicas, goes, and comes again': {
    measure: 'requests',
    capacity: 100,
    target: 70,
    // Up to more than there are, which is too little to go up by itself; down, a surge below what there is, and down again.
    load: (second) =>
      second < 150
        ? 270
        : second < 240
          ? 455
          : ramp(455, 210, 240, 250)(second) + ramp(0, 400, 480, 540)(second),
    replicas: 4,
    scalings: [
      { at: 113, to: 6 },
      { at: 170, to: 7 },
      { at: 520, to: 12 },
    ],
    forecast: (second) =>
      second < 100 || (second >= 440 && second < 450) ? undefined : second < 400 ? 6 : 7,
  },
  'CPU at its limit, which hides how much is needed': {
    measure: 'cpu',
    capacity: 0.5,
    target: 0.35,
    load: (second) => (second < 90 ? 0.9 : second < 380 ? 4.2 : 0.7),
    replicas: 3,
    scalings: [
      { at: 108, to: 6 },
      { at: 143, to: 12 },
      { at: 470, to: 6 },
    ],
  },
}

/** One replica, followed by itself. Times are in seconds; absent: it was not removed. */
interface Replica {
  readonly name: string
  readonly startedAt: number
  readonly readyAt: number
  removedAt?: number
  borne: number
  /** What was scraped, by second. A text is a marker. */
  readonly samples: Map<number, number | 'stale'>
}

/** Every replica by itself, without anything that the model knows of groups of replicas. */
function followReplicas(scenario: Scenario): readonly Replica[] {
  const replicas: Replica[] = []
  const add = (startedAt: number, readyAt: number) =>
    replicas.push({ name: `web.${replicas.length}`, startedAt, readyAt, borne: 0, samples: new Map() })
  for (let count = 0; count < scenario.replicas; count += 1) add(-1, 0)
  for (let second = 0; second < seconds; second += 1) {
    if (second % 5 === 0) for (const replica of replicas) scrape(replica, second, scenario.measure)
    const scaling = scenario.scalings.find(({ at }) => at === second)
    if (scaling !== undefined) {
      for (let count = thereOf(replicas).length; count < scaling.to; count += 1)
        add(second, second + startUpSeconds)
      for (const replica of thereOf(replicas).slice(scaling.to)) replica.removedAt = second
    }
    work(thereOf(replicas), second, scenario)
  }
  return replicas
}

const thereOf = (replicas: readonly Replica[]) => replicas.filter(({ removedAt }) => removedAt === undefined)

function work(there: readonly Replica[], second: number, { load, measure, capacity }: Scenario): void {
  const working = there.filter(({ readyAt }) => readyAt <= second)
  const share = load(second) / working.length
  for (const replica of working) replica.borne += measure === 'cpu' ? Math.min(share, capacity) : share
}

function scrape(replica: Replica, second: number, measure: Measure): void {
  const { startedAt, readyAt, removedAt, samples, borne } = replica
  const isThere = measure === 'cpu' ? startedAt < second : readyAt <= second
  if (removedAt === undefined && isThere) samples.set(second, borne)
  else if (removedAt !== undefined && removedAt > second - 5) samples.set(second, 'stale')
}

/** What the model finds at each evaluation. */
function runModel(
  scenario: Scenario,
  version: PrometheusVersion,
): ReadonlyMap<number, Firing & { needed: number }> {
  const load = Float64Array.from({ length: seconds }, (_, second) => scenario.load(second))
  const { measure, capacity, target } = scenario
  const plant = new Plant({ ...scenario, load, startUpSeconds, saturates: measure === 'cpu' })
  const measuring = new Scraper(plant, measure, version)
  const rules = new RulesModel()
  const findings = new Map<number, Firing & { needed: number }>()
  let desired = scenario.replicas
  for (let second = 0; second < seconds; second += 1) {
    plant.advanceTo(second)
    if (second % 5 === 0) {
      measuring.scrape()
      desired = plant.desired
    }
    if (second % 5 === evaluationLag) {
      const { load: measured = Number.NaN, reporting = 0 } = measuring.read(evaluationLag)
      const needed = measured / target
      const useOfLimit = measure === 'cpu' ? measured / reporting / capacity : 0
      const alsoNeeded = scenario.forecast?.(second - evaluationLag)
      const input = { needed, reporting, useOfLimit, desired, min: 1, ...defined({ alsoNeeded }) }
      findings.set(second, { needed, ...rules.evaluate(input) })
    }
    for (const { at, to } of scenario.scalings) if (at === second) plant.scale(to)
  }
  return findings
}

/** Samples in the notation of promtool, one place for each second; scrapes lie before the evaluations, which are at 5, 10, … s. */
function notation(at: (scrape: number) => number | string | undefined): string {
  const shift = 5 - evaluationLag
  return Array.from({ length: seconds }, (_, place) => {
    const value = (place - shift) % 5 === 0 ? at(place - shift) : undefined
    return value ?? '_'
  }).join(' ')
}

function seriesOf(scenario: Scenario): readonly { readonly series: string; readonly values: string }[] {
  const { measure, capacity, target } = scenario
  const desiredAt = (scrape: number) =>
    scenario.scalings.findLast(({ at }) => at < scrape)?.to ?? scenario.replicas
  const steady = (series: string, value: number) => ({ series, values: notation(() => value) })
  const receiver = [
    { series: 'swarm_autoscaler_service_desired_replicas{service="web"}', values: notation(desiredAt) },
    steady('swarm_autoscaler_service_min_replicas{service="web"}', 1),
    steady(
      `swarm_autoscaler_service_target{service="web",signal="${measure}"}`,
      measure === 'cpu' ? target / capacity : target,
    ),
    steady('swarm_autoscaler_service_cpu_limit_cores{service="web"}', capacity),
  ]
  const { forecast = () => undefined } = scenario
  const forecasts = {
    series: 'swarm_autoscaler:replicas_needed{service="web",signal="forecast"}',
    values: notation((scrape) => forecast(scrape) ?? 'stale'),
  }
  const replicas = followReplicas(scenario).flatMap(({ name, samples }) => {
    const container = `image="web",name="${name}",container_label_com_docker_swarm_service_name="web"`
    const counted = notation((scrape) => samples.get(scrape))
    const is1 = notation((scrape) => (typeof samples.get(scrape) === 'number' ? 1 : samples.get(scrape)))
    return measure === 'cpu'
      ? [
          { series: `container_cpu_usage_seconds_total{${container}}`, values: counted },
          { series: `container_spec_cpu_quota{${container}}`, values: is1 },
        ]
      : [
          {
            series: `http_request_duration_seconds_count{service="web",instance="${name}"}`,
            values: counted,
          },
          { series: `up{service="web",instance="${name}"}`, values: is1 },
        ]
  })
  return [...receiver, forecasts, ...replicas]
}

const alerts = { up: 'SwarmServiceNeedsMoreReplicas', down: 'SwarmServiceNeedsFewerReplicas' } as const
const numbers = {
  up: 'swarm_autoscaler:replicas_needed_for_up:max',
  down: 'swarm_autoscaler:replicas_down_to',
} as const

/** That a number is near enough, as an expression whose value is 1; that there is none, the same. */
function claim(expression: string, value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return `absent(${expression})`
  return `sum(${expression} >= ${value * (1 - bound)} <= ${value * (1 + bound)}) * 0 + 1`
}

function claimsAt(second: number, { needed, up, down }: Firing & { needed: number }): readonly object[] {
  const found = { up, down }
  const claims = [
    claim('swarm_autoscaler:replicas_needed:by_signal{signal!="forecast"}', needed),
    ...(['up', 'down'] as const).map((direction) =>
      claim(
        `(${numbers[direction]} and on (service) ALERTS{alertname="${alerts[direction]}",alertstate="firing"})`,
        found[direction],
      ),
    ),
  ]
  // `absent` of a matcher has its labels.
  return claims.map((expr) => ({
    expr: `sum(${expr})`,
    eval_time: `${second - evaluationLag + 5}s`,
    exp_samples: [{ labels: '{}', value: 1 }],
  }))
}

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-rules-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

await describeWithTools('the model of the rules finds what the shipped rules find, of', ({ promtool }) => {
  it.each(Object.entries(scenarios))('%s', async (name, scenario) => {
    const { output } = await runTool(promtool, ['--version'])
    const version = /version 2\./.test(output) ? 2 : 3
    const findings = [...runModel(scenario, version)].filter(([second]) => second >= 20)
    // A scenario in which nothing fires would compare nothing.
    expect(findings.filter(([, { up }]) => up !== undefined).length, 'ups').toBeGreaterThan(5)
    const file = join(folder, `${name.replaceAll(' ', '-')}.json`)
    const test = {
      rule_files: [SCALING_RULES],
      evaluation_interval: '5s',
      tests: [
        {
          interval: '1s',
          input_series: seriesOf(scenario),
          promql_expr_test: findings.flatMap(([second, found]) => claimsAt(second, found)),
        },
      ],
    }
    writeFileSync(file, JSON.stringify(test))
    const { exitCode, output: faults } = await runTool(promtool, ['test', 'rules', file])
    expect(exitCode, faults.slice(0, 4_000)).toBe(0)
  })
})
