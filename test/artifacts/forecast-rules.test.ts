import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { forecastLookAheadsMs } from '../../src/domain/forecast.ts'
import { forecastNumbers } from '../../src/simulator/forecast/forecast-model.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { expectNoticed, onlyTest } from './mutated-rules.ts'
import { FORECAST_RULES, readRuleFile } from './shipped-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-forecast-'))
afterAll(() => rmSync(folder, { recursive: true }))

const groups = readRuleFile(FORECAST_RULES)
const rules = groups.flatMap((group) => group.rules)

describe('the rules of the forecast', () => {
  it('are one group that is evaluated once a minute, which is what its numbers of samples count by', () => {
    expect(groups.map(({ name, interval }) => [name, interval])).toEqual([['swarm-autoscaler-forecast', 60]])
  })

  it('give one signal, and no alert', () => {
    expect(rules.filter(({ alert }) => alert !== undefined)).toEqual([])
    expect(rules.filter(({ record }) => record === 'swarm_autoscaler:replicas_needed')).toEqual([
      expect.objectContaining({ labels: { signal: 'forecast' } }),
    ])
  })

  it('have the numbers of the model that the backtest uses, each read from its one place', () => {
    const numbers = rules.flatMap(({ record = '', expr }) => {
      const value = /^vector\(([\d.]+)\)$/.exec(expr)?.[1]
      return value === undefined ? [] : [[record.replace('swarm_autoscaler:forecast_', ''), Number(value)]]
    })
    expect(Object.fromEntries(numbers)).toEqual(forecastNumbers)
    for (const [name] of numbers)
      expect(rules.some(({ expr }) => expr.includes(`scalar(swarm_autoscaler:forecast_${name})`))).toBe(true)
  })

  it.each(['forecast_replicas', 'forecast_due_replicas', 'forecast_outcome_replicas'])(
    'have a line in %s for each look-ahead that the label allows, and for no other',
    (name) => {
      const { expr = '' } = rules.find(({ record }) => record === `swarm_autoscaler:${name}`) ?? {}
      const seconds = [...expr.matchAll(/look_ahead_seconds == (\d+)/g)].map(([, number]) => Number(number))
      expect(seconds).toEqual(forecastLookAheadsMs.map((ms) => ms / 1_000))
    },
  )
})

describe('docs/forecast.md', () => {
  const text = readFileSync(new URL('../../docs/forecast.md', import.meta.url), 'utf8')

  it('lists every number of the rules with its value', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \| ([\d.]+) \|/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ])
    expect(rows).toEqual(Object.entries(forecastNumbers))
  })

  it('names no series that the rules do not record', () => {
    const records = new Set(rules.map(({ record = '' }) => record.replace('swarm_autoscaler:', '')))
    const named = [...text.matchAll(/^\| `([a-z]\w*[a-z:_][\w:]*?)(?:\{.*\})?` \| (?![\d.]+ \|)/gm)].map(
      ([, name]) => name,
    )
    expect(named.length).toBeGreaterThan(8)
    for (const name of named) expect(records).toContain(name)
  })
})

/** Changes that a test must notice: its file and the beginning of its name, what stands in the rules, what takes its place. */
const MUTATIONS: readonly (readonly [test: string, was: string, becomes: string])[] = [
  ['forecast.yml history', '"forecast|memory"', '"forecast"'],
  ['forecast.yml history', '"forecast|memory"', '"memory"'],
  ['forecast.yml history', '[55s]', '[5m]'],
  ['forecast.yml history', 'max by (service) (\n            avg', 'min by (service) (\n            avg'],
  [
    'forecast-usual.yml the median',
    '            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
    '            0.6,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
  ],
  [
    'forecast-usual.yml the median',
    '            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 167h',
    '            0.9,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 167h',
  ],
  // To the other side of the median.
  ...['23h', '47h', '71h'].map(
    (offset) => ['forecast-usual.yml the median', `offset ${offset},`, 'offset 160h,'] as const,
  ),
  ...['95h', '119h', '143h', '335h', '503h', '671h'].map(
    (offset) => ['forecast-usual.yml the median', `offset ${offset},`, 'offset 24h,'] as const,
  ),
  ['forecast-usual.yml the median', 'seconds{period="daily"}', 'seconds{period!=""}'],
  [
    'forecast-usual.yml the median',
    'and on (service)\n          swarm_autoscaler_service_forecast_look_ahead_seconds{period="weekly"}',
    '',
  ],
  [
    'forecast-usual.yml an odd day',
    'quantile by (service) (\n            0.5,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
    'quantile by (service) (\n            1,\n            label_replace(swarm_autoscaler:replicas_needed:avg1m offset 23h',
  ],
  ['forecast.yml corrected', 'vector(0.5)', 'vector(0.4)'],
  ['forecast.yml corrected', 'vector(2)', 'vector(2.5)'],
  ['forecast.yml corrected', 'vector(1)', 'vector(0)'],
  [
    'forecast.yml half of the last hour',
    'compared_replicas{of="today"}[59m30s])\n              +',
    'compared_replicas{of="today"}[30m])\n              +',
  ],
  ['forecast.yml a gap', '{of="usual"}[59m30s]', '{of="usual"}[9m30s]'],
  ['forecast.yml a gap', 'vector(30)', 'vector(29)'],
  ['forecast.yml a gap', 'vector(30)', 'vector(31)'],
  [
    'forecast.yml a gap',
    'swarm_autoscaler:replicas_needed:avg1m\n          and on (service)\n          swarm_autoscaler:replicas_needed:usual_in1h offset 1h\n',
    'swarm_autoscaler:replicas_needed:avg1m\n',
  ],
  [
    'forecast.yml nothing measured',
    '          and on (service)\n          swarm_autoscaler:replicas_needed:avg1m\n\n      # The maximum',
    '\n      # The maximum',
  ],
  ...['[4m30s] offset 55m', '[9m30s] offset 50m', '[19m30s] offset 40m', '[29m30s] offset 30m'].map(
    (window) => ['forecast.yml what is usual counts', window, window.replace(/ offset \d+m/, '')] as const,
  ),
  ['forecast.yml what is usual counts', 'usual_in1h[59m30s])', 'usual_in1h[58m30s])'],
  ...['5m', '10m', '20m', '30m', '1h'].map(
    (offset) =>
      [
        'forecast.yml what is usual counts',
        `forecast_replicas offset ${offset}\n`,
        'forecast_replicas\n',
      ] as const,
  ),
  ...['4m30s', '9m30s', '19m30s', '29m30s', '59m30s'].map(
    (range) => ['forecast.yml what is usual counts', `avg1m[${range}])`, 'avg1m[1m30s])'] as const,
  ),
  ['forecast-errors.yml switched off', 'vector(60)', 'vector(61)'],
  ['forecast-errors.yml switched off', 'vector(60)', 'vector(59)'],
  ['forecast-errors.yml switched off', 'vector(0.4)', 'vector(0.41)'],
  ['forecast-errors.yml switched off', 'vector(0.4)', 'vector(0.39)'],
  ['forecast-errors.yml switched off', 'vector(0.3)', 'vector(0.31)'],
  ['forecast-errors.yml switched off', 'vector(0.3)', 'vector(0.29)'],
  [
    'forecast-errors.yml switched off',
    'and on (service)\n            swarm_autoscaler:forecast_switched_off\n',
    '',
  ],
  [
    'forecast-errors.yml switched off',
    'unless on (service)\n          swarm_autoscaler:forecast_switched_off',
    '',
  ],
  ['forecast-errors.yml switched off', 'abs(swarm', '(swarm'],
  [
    'forecast-errors.yml switched off',
    'sum_over_time(swarm_autoscaler:forecast_miss_replicas[23h59m30s])',
    'sum_over_time(swarm_autoscaler:forecast_miss_replicas[2h])',
  ],
  ['forecast-errors.yml nothing usual', '>= 0\n', '\n'],
  ['forecast.yml a day and half an hour', '{mode="act"}', ''],
  [
    'forecast.yml a day and half an hour',
    'and on (service)\n          swarm_autoscaler:forecast_error_ratio\n',
    '',
  ],
  [
    'forecast.yml two receivers',
    'swarm_autoscaler_service_forecast_look_ahead_seconds{mode="act"}',
    'swarm_autoscaler_service_forecast_look_ahead_seconds{mode="act",instance!="r1"}',
  ],
]

await describeWithTools('the tests of forecast.yml', ({ promtool }) => {
  it.concurrent.each(MUTATIONS)('%s notices that %j becomes %j', async (test, was, becomes) => {
    const text = readFileSync(FORECAST_RULES, 'utf8')
    expect(text.split(was), 'stands once in the rules').toHaveLength(2)
    const mutated = { name: 'forecast.yml', rules: text.replace(was, becomes), tests: onlyTest(test) }
    await expectNoticed({ promtool, folder }, mutated)
  })
})
