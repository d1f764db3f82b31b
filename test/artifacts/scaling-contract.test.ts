import { describe, expect, it } from 'vitest'
import { readAlertmanagerConfig, readPrometheusConfig, readRules } from './shipped-files.ts'

const rules = readRules().flatMap((group) => group.rules)
const alerts = rules.filter((rule) => rule.alert !== undefined)
const { global, scrape_configs: jobs } = readPrometheusConfig()
const [scaling] = readAlertmanagerConfig().route.routes
const [down] = scaling.routes

/** The range, in seconds, over which the rule called `record` applies `overTime`. */
function rangeOf(record: string, overTime: string): number {
  const expr = rules.find((rule) => rule.record === record)?.expr ?? ''
  const match = new RegExp(`${overTime}\\([^[]+\\[(\\d+)s\\]`).exec(expr)
  if (match === null) throw new Error(`${record} has no ${overTime} over a range in seconds`)
  return Number(match[1])
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
    expect(signals.map((rule) => rule.labels)).toEqual([{ signal: 'requests' }])
  })
})

describe('the timings fit each other', () => {
  it('evaluates the rules as often as there are new samples', () => {
    expect(readRules().map((group) => group.interval)).toEqual([global.scrape_interval])
    expect(global.evaluation_interval).toBe(global.scrape_interval)
    expect(global.scrape_timeout).toBeLessThan(global.scrape_interval)
  })

  it('measures requests over a window that survives one lost scrape', () => {
    expect(rangeOf('swarm_autoscaler:requests_per_second', 'rate')).toBeGreaterThanOrEqual(
      3 * global.scrape_interval,
    )
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
    expect(rangeOf('swarm_autoscaler:replicas_needed_for_down:max30s', 'max_over_time')).toBe(
      down.group_interval,
    )
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
