import { describe, expect, it } from 'vitest'
import { dashboards } from '../../grafana/dashboards.ts'
import { panelsOf, readDashboards } from '../../grafana/preview/shape.ts'

/**
 * The rules of grafana/dashboard-linter, and where they are stricter or looser here:
 * - Matchers for job and instance on every metric that the receivers export. What rules record, what Alertmanager and cAdvisor
 *   export and ALERTS have no such labels, or those of somebody else.
 * - increase() over the shown time as well as over $__rate_interval: a number of what happened in it.
 */
const shapes = [...readDashboards()]
const ofReceivers = /(?:swarm_autoscaler_|process_|nodejs_|up\{)[\w{]/
/** What an expression of Grafana stands for, and no template of JavaScript's. */
const chosenSource = `$\{datasource}`
const units = [
  'none',
  'short',
  's',
  'percentunit',
  'bytes',
  'Bps',
  'reqps',
  'ops',
  'wps',
  'cpm',
  'dateTimeFromNow',
]

describe.each(Object.entries(dashboards))('%s', (_, dashboard) => {
  const variables = dashboard.templating?.list ?? []
  const variable = (name: string) => variables.find((each) => each.name === name)

  it('chooses its data source by a variable (template-datasource-rule)', () => {
    expect(variables.filter(({ type }) => type === 'datasource')).toMatchObject([
      { name: 'datasource', label: 'Data source', query: 'prometheus' },
    ])
  })

  it.each([
    ['job', 'Job'],
    ['instance', 'Instance'],
  ])('can be narrowed by %s (template-job-rule, template-instance-rule)', (name, label) => {
    expect(variable(name)).toMatchObject({
      label,
      type: 'query',
      datasource: { uid: chosenSource },
      multi: true,
      includeAll: true,
      allValue: '.+',
    })
  })

  it('asks for its variables again when the time changes (template-on-time-change-reload-rule)', () => {
    for (const each of variables.filter(({ type }) => type === 'query')) expect(each.refresh).toBe(2)
  })

  it('asks for its variables by labels of metrics (template-label-promql-rule)', () => {
    for (const each of variables.filter(({ type }) => type === 'query')) {
      expect(each.query).toMatchObject({
        query: expect.stringMatching(/^label_values\(swarm_autoscaler_\w+(\{[\w=~"$, ]+\})?, \w+\)$/),
      })
    }
  })

  it('cannot be edited where it is provisioned (uneditable-dashboard-rule)', () => {
    expect(dashboard.editable).toBe(false)
  })
})

describe.each(shapes)('each panel of %s', (file, dashboard) => {
  const panels = panelsOf(dashboard)

  it('has a title, a description, a unit and something to show', () => {
    for (const { title, description, fieldConfig, targets } of panels) {
      expect(title).not.toBe('')
      expect(description, title).toBeTruthy()
      expect(units, title).toContain(fieldConfig.defaults['unit'])
      expect(targets.length, title).toBeGreaterThan(0)
    }
  })

  it('asks the chosen data source (panel-datasource-rule)', () => {
    const built = JSON.stringify(dashboards[file]?.panels)
    const sources = [...built.matchAll(/"datasource":(\{[^}]*\}?"\})/g)].map(([, source = '']) =>
      JSON.parse(source),
    )
    expect(sources.length).toBeGreaterThan(panels.length)
    for (const source of sources) expect(source).toEqual({ type: 'prometheus', uid: chosenSource })
  })
})

describe.each(shapes)('each query of %s', (_, dashboard) => {
  const queries = panelsOf(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const selectors = queries.flatMap((expr) => selectorsOf(expr))

  it('names each metric with braces, so that the rules below see it', () => {
    for (const expr of queries) {
      const words = expr.replace(/"[^"]*"/g, '').replace(/\{[^}]*\}/g, '{}')
      const bare = words.match(
        /\b(swarm_autoscaler[\w:]*|up|ALERTS|(?:process|nodejs|container|alertmanager)_\w+)\b(?![\w:{])/,
      )
      expect(bare, expr).toBeNull()
    }
  })

  it('goes by job and instance for what receivers export (target-job-rule, target-instance-rule)', () => {
    const own = selectors.filter(({ text }) => ofReceivers.test(text))
    expect(own.length).toBeGreaterThan(0)
    for (const { text, matchers } of own) {
      expect(matchers, text).toContain('job=~"$job"')
      expect(matchers, text).toContain('instance=~"$instance"')
    }
  })

  it('takes counters by their rate, over $__rate_interval or all of the shown time, and adds them up (target-rate-interval-rule, target-counter-agg-rule)', () => {
    for (const { before, text, after } of selectors.filter((each) =>
      /_(total|count|bucket)$/.test(each.name),
    )) {
      expect(before, text).toMatch(/sum ?(by \([\w, ]+\) )?\((rate|increase)\($/)
      const windows = before.endsWith('rate(') ? /^\[\$__rate_interval\]/ : /^\[\$__(rate_interval|range)\]/
      expect(after, text).toMatch(windows)
    }
  })
})

interface Selector {
  readonly name: string
  readonly matchers: string
  readonly text: string
  readonly before: string
  readonly after: string
}

/** What a query asks for, and what stands around it. */
function selectorsOf(expr: string): readonly Selector[] {
  return [...expr.matchAll(/([a-zA-Z_][\w:]*)\{([^}]*)\}/g)].map(
    ({ 0: text, 1: name = '', 2: matchers = '', index }) => ({
      name,
      matchers,
      text,
      before: expr.slice(0, index),
      after: expr.slice(index + text.length),
    }),
  )
}
