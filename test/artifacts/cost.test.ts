import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { gapReasons } from '../../src/domain/cost.ts'
import { costOf } from '../../src/history/cost/cost-of.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'

const text = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
const sectionOf = (heading: string) =>
  text.split(/^## /m).find((section) => section.startsWith(heading)) ?? ''
/** The rows of the tables of a section, without their heads. */
const rowsOf = (heading: string) =>
  [...sectionOf(heading).matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
    .map(([, key = '', value = '']) => [key, value] as const)
    .filter(([key]) => key !== '---')

describe('docs/cost.md', () => {
  it('has a row for every reason of a gap, and for no other', () => {
    const reasons = rowsOf('Gaps').flatMap(([key]) => /^`(\w+)`$/.exec(key)?.[1] ?? [])
    expect(reasons).toEqual([...gapReasons])
  })

  it('shows an example whose figures are those that are reckoned', () => {
    const rows = rowsOf('An example')
    const day = Date.parse('2026-01-15T00:00:00Z')
    const at = (hour: number) => day + hour * 3_600_000
    const counts = rows.flatMap(([from, replicas]) => {
      const [, hour] = /^(\d\d):00$/.exec(from) ?? []
      const count = { service: 'shop_web', desired: Number(replicas), costPerHour: 0.06 }
      return hour === undefined ? [] : [{ ...count, atMs: at(Number(hour)) }]
    })
    expect(counts).toHaveLength(5)
    const watch = (from: number, until: number) => ({ receiver: 'a', fromMs: at(from), untilMs: at(until) })
    const [cost] = costOf(
      { service: 'shop_web', sinceMs: at(0), untilMs: at(24), fixed: 6 },
      { counts, watches: [watch(0, 16), watch(17, 30)], nowMs: at(30) },
    )
    const { savedAgainstPeak: peak, savedAgainstFixed: fixed } = cost ?? {}
    const figures = {
      'known hours': (cost?.knownSeconds ?? 0) / 3_600,
      'replica-hours': (cost?.replicaSeconds ?? 0) / 3_600,
      average: cost?.average,
      peak: cost?.peak,
      cost: cost?.cost,
      'saved against the peak, replica-hours': (peak?.replicaSeconds ?? 0) / 3_600,
      'saved against the peak, cost': peak?.cost,
      'saved against 6 replicas, replica-hours': (fixed?.replicaSeconds ?? 0) / 3_600,
      'saved against 6 replicas, cost': fixed?.cost,
    }
    const shown = Object.entries(figures).map(([name, figure]) => [name, Number(figure?.toFixed(2))])
    const documented = rows.filter(([key]) => key in figures).map(([key, value]) => [key, Number(value)])
    expect(documented).toEqual(shown)
  })
})

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-cost-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A day of scrapes every 15 s, 4 replicas that run; from hour 6 to 7 Docker is away. The first receiver dies, the second is there by then. */
const series = Object.entries({
  'swarm_autoscaler_replica_seconds_total{service="web",instance="a"}':
    '0+60x1440 86400+0x239 86460+60x2639 _x1440',
  'swarm_autoscaler_replica_seconds_total{service="web",instance="b"}': '_x2880 0+60x2880',
  'swarm_autoscaler_service_cost_per_hour{service="web",instance="a"}': '0.5x4320 _x1440',
  'swarm_autoscaler_service_cost_per_hour{service="web",instance="b"}': '_x2880 0.5x2880',
  'swarm_autoscaler_docker_up{instance="a"}': '1x1440 0x239 1x2639 _x1440',
  'swarm_autoscaler_docker_up{instance="b"}': '_x2880 1x2880',
}).map(([name, values]) => ({ series: name, values }))

await describeWithTools('the queries that docs/cost.md shows', ({ promtool }) => {
  it('give cost, savings and replica-hours of a day with an outage and a second receiver', async () => {
    const queries = [...text.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query = '']) => query)
    expect(queries).toHaveLength(3)
    const tests = join(folder, 'tests.yml')
    const [cost, saved, hours] = queries.map((query) => `round(${query}, 0.001)`)
    const expected = (expr: string | undefined, value: number) => ({
      expr,
      eval_time: '1d',
      exp_samples: [{ labels: '{service="web"}', value }],
    })
    const known = 23
    const test = {
      interval: '15s',
      input_series: series,
      promql_expr_test: [
        expected(cost, 4 * known * 0.5),
        expected(saved, (6 - 4) * known * 0.5),
        expected(hours, 4 * known),
      ],
    }
    writeFileSync(tests, stringify({ rule_files: [], evaluation_interval: '1m', tests: [test] }))
    const { exitCode, output } = await runTool(promtool, ['test', 'rules', tests])
    expect(exitCode, output).toBe(0)
  })
})
