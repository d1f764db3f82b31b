import { describe, expect, it } from 'vitest'
import { evaluationSeconds, shippedNumbers } from '../../src/simulator/pipeline/rules-model.ts'
import { scrapeSeconds } from '../../src/simulator/pipeline/scraper.ts'
import { shippedPipeline } from '../../src/simulator/run.ts'
import { readAlertmanagerConfig, readPrometheusConfig, readRules, readStepRules } from './shipped-files.ts'

const rules = readRules().flatMap((group) => group.rules)
const alerts = rules.filter((rule) => rule.alert !== undefined)
const steps = readStepRules()
  .flatMap((group) => group.rules)
  .filter((rule) => rule.alert !== undefined)
const { global, scrape_configs: jobs } = readPrometheusConfig()
const [scaling] = readAlertmanagerConfig().route.routes
const [down] = scaling.routes

/** The ranges, in seconds, over which the rules called `record` apply `overTime`; at least one. */
function rangesOf(record: string, overTime: string): readonly number[] {
  const exprs = rules.filter((rule) => rule.record === record).map(({ expr }) => expr)
  const matches = [...exprs.join('\n').matchAll(new RegExp(`\\b${overTime}\\([^[]+\\[(\\d+)s\\]`, 'g'))]
  if (matches.length === 0) throw new Error(`${record} has no ${overTime} over a range in seconds`)
  return matches.map(([, seconds]) => Number(seconds))
}

/** The same of ranges over recorded series, which end a little early: the seconds between the evaluations that they hold. */
function spansOf(record: string, overTime: string): readonly number[] {
  const every = global.evaluation_interval
  return rangesOf(record, overTime).map((range) => Math.ceil(range / every) * every)
}

/** The value of the rule that gives the number called `name` a name. */
function numberOf(name: string): number {
  const expr = rules.find(({ record }) => record === `swarm_autoscaler:${name}`)?.expr ?? ''
  const terms = /^vector\(([\d. +]+)\)$/.exec(expr)?.[1]?.split('+') ?? []
  return terms.reduce((sum, term) => sum + Number(term), 0)
}

describe('the scaling alerts', () => {
  it('are one for each direction', () => {
    expect(alerts.map((rule) => [rule.alert, rule.labels['scale']])).toEqual([
      ['SwarmServiceNeedsMoreReplicas', 'up'],
      ['SwarmServiceNeedsFewerReplicas', 'down'],
    ])
  })

  it.each(alerts)('$alert says an absolute number and a reason', ({ labels, annotations }) => {
    expect(Object.keys(labels)).toEqual(['scale'])
    expect(Object.keys(annotations).sort()).toEqual(['replicas', 'summary'])
    expect(annotations['replicas']).toBe('{{ $value }}')
    expect(annotations['summary']).toMatch(/^\{\{ \$labels\.service \}\} .+\.$/s)
  })

  it('rest on one signal per recording rule, named by its label', () => {
    const signals = rules.filter((rule) => rule.record === 'swarm_autoscaler:replicas_needed')
    expect(signals.map((rule) => rule.labels)).toEqual(
      ['requests', 'cpu', 'memory', 'network', 'queue'].map((signal) => ({ signal })),
    )
  })

  it.each(Object.entries(shippedNumbers))('take the number %s from its one place', (name, value) => {
    expect(numberOf(name)).toBe(value)
    const readers = rules.filter(({ expr }) => expr.includes(`scalar(swarm_autoscaler:${name})`))
    expect(readers.length).toBeGreaterThan(0)
  })

  it('have no number of which the backtest does not know', () => {
    const named = rules.filter(({ expr }) => /^vector\([\d. +]+\)$/.test(expr)).map(({ record }) => record)
    expect(named).toEqual(Object.keys(shippedNumbers).map((name) => `swarm_autoscaler:${name}`))
  })
})

describe('the timings that the backtest takes for granted', () => {
  it('are those of the shipped files', () => {
    const timingOf = ({ group_wait, group_interval, repeat_interval }: typeof scaling) => ({
      groupWait: group_wait,
      groupInterval: group_interval,
      repeatInterval: repeat_interval,
    })
    expect(shippedPipeline).toEqual({ up: timingOf(scaling), down: timingOf(down as typeof scaling) })
    expect([scrapeSeconds, evaluationSeconds]).toEqual([global.scrape_interval, global.evaluation_interval])
  })
})

describe('the step alerts', () => {
  it('are two for each signal that is not proportional to the replicas, and only up', () => {
    expect(steps.map(({ alert, labels, annotations }) => [alert, labels, annotations['step']])).toEqual([
      ['SwarmServiceIsSlow', { scale: 'up' }, undefined],
      ['SwarmServiceIsVerySlow', { scale: 'up' }, '50%'],
      ['SwarmServiceHasErrors', { scale: 'up' }, undefined],
      ['SwarmServiceHasManyErrors', { scale: 'up' }, '50%'],
    ])
  })

  it.each(steps)('$alert says a reason, and no number of replicas', ({ annotations }) => {
    expect(Object.keys(annotations)).not.toContain('replicas')
    expect(annotations['summary']).toMatch(/^\{\{ \$labels\.service \}\} .+\.$/s)
  })
})

describe('the timings fit each other', () => {
  it('evaluates the rules as often as there are new samples', () => {
    expect(readRules().map((group) => group.interval)).toEqual([global.scrape_interval])
    expect(global.evaluation_interval).toBe(global.scrape_interval)
    expect(global.scrape_timeout).toBeLessThan(global.scrape_interval)
  })

  it('measures requests over a window that survives one lost scrape', () => {
    for (const range of rangesOf('swarm_autoscaler:requests_per_second', 'rate')) {
      expect(range).toBe(3 * global.scrape_interval)
    }
  })

  it('knows of a scale-up for as long as the rates and the look at their growth can see it', () => {
    const [rates = 0] = rangesOf('swarm_autoscaler:requests_per_second', 'rate')
    const [growth = 0] = spansOf('swarm_autoscaler:replicas_needed_for_up', 'deriv')
    expect(spansOf('swarm_autoscaler:replicas_needed_for_up', 'predict_linear')).toEqual([growth])
    expect(spansOf('swarm_autoscaler:replicas_needed_for_up', 'min_over_time')).toEqual([rates, rates])
    expect(spansOf('swarm_autoscaler:replicas_arriving', 'min_over_time')).toEqual([rates + growth])
  })

  it('posts up at once, and again as often as the rules find a new number', () => {
    expect(scaling.group_wait).toBe(0)
    expect(scaling.group_interval).toBe(global.evaluation_interval)
  })

  it.each([
    ['up and to', scaling],
    ['down', down],
  ])('repeats %s on every look at the group', (_direction, route) => {
    expect(route.repeat_interval).toBeLessThan(route.group_interval ?? 0)
  })

  it('keeps the maximum for down from one post to the next, and leaves the rest to the stabilization', () => {
    expect(down.group_wait).toBe(0)
    expect(spansOf('swarm_autoscaler:replicas_needed_for_down:max30s', 'max_over_time')).toEqual([
      down.group_interval,
    ])
  })
})

describe('the routes', () => {
  it('give each service and direction a group of its own', () => {
    expect(scaling.group_by).toEqual(['service', 'scale'])
  })

  it('lead to the webhook, with resolved alerts and without cutting any off', () => {
    const { receivers, route } = readAlertmanagerConfig()
    expect(receivers.find(({ name }) => name === scaling.receiver)?.webhook_configs).toEqual([
      { url: 'http://receiver:9095/webhook', send_resolved: true, max_alerts: 0 },
    ])
    expect(receivers.find(({ name }) => name === route.receiver)?.webhook_configs).toEqual([])
  })
})

describe('the scrape jobs', () => {
  it('leave the label service to the policy metrics', () => {
    const job = jobs.find(({ job_name }) => job_name === 'swarm-autoscaler')
    expect(job?.relabel_configs.map((rule) => rule.target_label)).toEqual([])
  })
})
