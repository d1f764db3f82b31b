import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forecastLookAheadsMs } from '../../src/domain/forecast.ts'
import { forecastNumbers } from '../../src/simulator/forecast/forecast-model.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { changed, itNotices, onlyTest } from './mutated-rules.ts'
import { forecastMutations } from './rule-mutations/forecast.ts'
import { FORECAST_RULES, readRuleFile } from './shipped-files.ts'

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

await describeWithTools('the tests of forecast.yml', ({ promtool }) => {
  const text = readFileSync(FORECAST_RULES, 'utf8')
  itNotices(forecastMutations, promtool, (test, was, becomes) => ({
    name: 'forecast.yml',
    rules: changed(text, was, becomes),
    tests: onlyTest(test),
  }))
})
