import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { asText, dashboards } from '../../grafana/dashboards.ts'
import { uids } from '../../grafana/parts/board.ts'
import { colours } from '../../grafana/parts/colours.ts'
import { interpolate } from '../../grafana/preview/interpolate.ts'
import { isRow, type Panel, panelsOf, type Row, readDashboards } from '../../grafana/preview/shape.ts'
import { holdReasons, scaleReasons } from '../../src/domain/reason.ts'
import { expected } from '../support/dashboards/expected.ts'
import { RULE_FILES, readRuleFile } from './shipped-files.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'grafana/dashboards')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const shapes = [...readDashboards()]
const panels = shapes.flatMap(([file, dashboard]) =>
  panelsOf(dashboard).map((panel) => [file, panel] as const),
)

/** What other exporters measure, as they and docs/signals.md call it. */
const metricsOfOthers = [
  'up',
  'ALERTS',
  'alertmanager_notifications_total',
  'alertmanager_notifications_failed_total',
  'container_cpu_usage_seconds_total',
  'container_memory_working_set_bytes',
  'container_network_receive_bytes_total',
  'container_network_transmit_bytes_total',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_used_bytes',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
]

interface Compose {
  readonly services: {
    readonly grafana: {
      readonly environment: Readonly<Record<string, string>>
      readonly configs: readonly { readonly source: string; readonly target: string }[]
    }
  }
  readonly configs: Readonly<Record<string, { readonly file: string }>>
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
const given = new Map(
  compose.services.grafana.configs.map(({ source, target }) => [target, compose.configs[source]?.file]),
)

describe('grafana/dashboards', () => {
  it('holds what the code makes, and nothing else (npm run dashboards)', () => {
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(dashboards).toSorted())
    for (const [file, dashboard] of Object.entries(dashboards)) {
      expect(readFileSync(join(folder, file), 'utf8') === asText(dashboard), file).toBe(true)
    }
  })

  it('is given to Grafana whole, by the provider, in files that a Swarm config can hold', () => {
    const provider = given.get('/etc/grafana/provisioning/dashboards/swarm-autoscaler.yaml')
    const { providers } = parse(read(provider ?? '')) as { providers: { options: { path: string } }[] }
    for (const file of Object.keys(dashboards)) {
      expect(given.get(`${providers[0]?.options.path}/${file}`)).toBe(`./grafana/dashboards/${file}`)
      expect(read(`grafana/dashboards/${file}`).length, file).toBeLessThan(400_000)
    }
    const home = compose.services.grafana.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']
    expect(given.get(home ?? '')).toBe('./grafana/dashboards/overview.json')
  })

  it('chooses the provisioned data source at first', () => {
    const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yaml')) as {
      datasources: { uid: string; name: string }[]
    }
    for (const dashboard of Object.values(dashboards)) {
      const variable = dashboard.templating?.list?.find(({ type }) => type === 'datasource')
      expect(variable?.current).toEqual({ text: datasources[0]?.name, value: datasources[0]?.uid })
    }
  })
})

describe.each(Object.entries(dashboards))('%s', (file, dashboard) => {
  it('is of the classic schema that Grafana 10 to 13 load, with panels that they all have', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39)
    expect(dashboard.schemaVersion).toBeLessThanOrEqual(42)
    const known = ['row', 'timeseries', 'stat', 'table', 'state-timeline', 'bargauge']
    const types = (dashboard.panels ?? []).map(({ type }) => type)
    expect(types.filter((type) => !known.includes(type))).toEqual([])
  })

  it('has panels that fill each line of the grid, and do not overlap', () => {
    const all = shapes.find(([name]) => name === file)?.[1].panels ?? []
    const taken = new Map<string, string>()
    for (const { gridPos, title } of all) {
      for (const cell of cellsOf(gridPos)) {
        expect(taken.get(cell), `${title} lies over it`).toBeUndefined()
        taken.set(cell, title)
      }
    }
    const height = Math.max(...all.map(({ gridPos: { y, h } }) => y + h))
    expect(taken.size).toBe(24 * height)
  })

  it('has panels of different names, each with a number of its own', () => {
    const all = shapes.find(([name]) => name === file)?.[1].panels ?? []
    const inside = all.flatMap((panel) => (isRow(panel) ? [panel, ...panel.panels] : [panel]))
    expect(new Set(inside.map(({ title }) => title)).size).toBe(inside.length)
    expect(new Set(inside.map(({ id }) => id)).size).toBe(inside.length)
  })

  it('leads to dashboards that are there, with the variables that they have', () => {
    for (const [, uid, query] of JSON.stringify(dashboard).matchAll(/"\/d\/([\w-]+)\?([^"]*)"/g)) {
      const target = Object.values(dashboards).find((each) => each.uid === uid)
      expect(target, uid).toBeDefined()
      const names = (target?.templating?.list ?? []).map(({ name }) => name)
      for (const [, name] of (query ?? '').matchAll(/(?:var-|\$\{)(\w+)(?:=|:queryparam)/g)) {
        expect(names).toContain(name)
      }
    }
  })

  it('uses in its links only variables that it has', () => {
    const names = (dashboard.templating?.list ?? []).map(({ name }) => name)
    for (const { url = '' } of dashboard.links ?? []) {
      for (const [, name] of url.matchAll(/\$\{(\w+)/g)) expect(names).toContain(name)
    }
  })

  it('has the query of each annotation where new and old versions of Grafana look for it', () => {
    for (const { expr, step, target } of dashboard.annotations?.list ?? []) {
      expect(target).toMatchObject({ expr, interval: step })
      // Each point becomes an annotation.
      expect(expr).toMatch(/> 0\)?$/)
    }
  })

  it('has for every query what its answer should look like', () => {
    const known = Object.entries(expected[file] ?? {}).map(([title, { length }]) => [title, length])
    const asked = panels
      .filter(([of]) => of === file)
      .map(([, { title, targets }]) => [title, targets.length])
    expect(known.toSorted()).toEqual(asked.toSorted())
  })
})

describe('docs/dashboards.md', () => {
  const page = read('docs/dashboards.md')

  it('shows a picture of each dashboard, light enough to be kept', () => {
    const shown = [...page.matchAll(/\]\(images\/([^)]+)\)/g)].map(([, name]) => name ?? '')
    const made = Object.keys(dashboards).map((file) => `dashboard-${file.replace('.json', '.png')}`)
    expect(shown).toEqual(made)
    for (const name of shown)
      expect(statSync(join(root, 'docs/images', name)).size, name).toBeLessThan(400_000)
  })

  it('names every panel, or the first and the last of several', () => {
    const [, ...rows] = page.split(/^\| panel \| question \|$/m)
    expect(rows).toHaveLength(shapes.length)
    for (const [index, [, dashboard]] of shapes.entries()) {
      const titles = panelsOf(dashboard).map(({ title }) => title)
      const [told = ''] = rows[index]?.split(/^## /m) ?? []
      expect(told).toContain(titles[0])
      // Of a folded row its name.
      const missing = titles.filter((title) => title !== '$service' && !told.includes(title))
      expect(missing).toEqual(missing.filter((title) => isBetweenEnds(told, titles, title)))
    }
  })
})

/** Whether a row of the table says `first ... last`, and this panel lies between them. */
function isBetweenEnds(told: string, titles: readonly string[], title: string): boolean {
  const [, first = '', last = ''] = /^\| (.+?) \.\.\. (.+?) \|/m.exec(told) ?? []
  const place = titles.indexOf(title)
  return place > titles.indexOf(first) && place < titles.indexOf(last)
}

describe('every dashboard', () => {
  it('has a uid that never changes', () => {
    expect(Object.values(dashboards).map(({ uid }) => uid)).toEqual(Object.values(uids))
  })
})

describe.each(shapes)('each panel of %s', (_, dashboard) => {
  const own = panelsOf(dashboard)
  const situation = {
    span: { fromMs: 0, toMs: 3_600_000 },
    stepSeconds: 15,
    variables: dashboard.templating.list,
    chosen: {},
  }

  it('says what to do about it, and why it may be empty', () => {
    for (const { title, description, fieldConfig } of own) {
      expect(description?.length, title).toBeGreaterThan(30)
      expect(fieldConfig.defaults['noValue'], title).toMatch(/\w{2}/)
    }
  })

  it('asks for metrics that there are, with variables that it has', () => {
    for (const { expr } of own.flatMap(({ targets }) => targets)) {
      const names = [...interpolate(expr, situation).matchAll(/([a-zA-Z_][\w:]*)\{/g)].map(
        ([, name = '']) => name,
      )
      expect(names.length, expr).toBeGreaterThan(0)
      for (const name of names) expect(isKnown(name), name).toBe(true)
    }
  })

  it('has the same colour for the same thing as everywhere', () => {
    const things = ['needed', 'desired', 'running'] as const
    for (const { title, type, targets, fieldConfig } of own) {
      if (type === 'table') continue
      for (const thing of things.filter((each) =>
        targets.some(({ legendFormat }) => legendFormat === each),
      )) {
        const override = fieldConfig.overrides.find(({ matcher }) => matcher.options === thing)
        const colour = override?.properties.find(({ id }) => id === 'color')?.value
        expect(colour, `${title}: ${thing}`).toMatchObject({ fixedColor: colours[thing] })
      }
    }
  })
})

describe('the state timelines', () => {
  it('turn the number of each reason into its word', () => {
    const panel = panels.find(([, { title }]) => title === 'Status of each service')?.[1]
    const expr = panel?.targets[0]?.expr ?? ''
    const numbers = [...expr.matchAll(/(\d+) \* [^\n]*reason="(\w+)"/g)]
      .map(([, number, word]) => [number, word])
      .toSorted(([a], [b]) => Number(a) - Number(b))
    const [mapping] = (panel?.fieldConfig.defaults['mappings'] ?? []) as {
      options: Record<string, { text: string }>
    }[]
    expect(Object.entries(mapping?.options ?? {}).map(([number, { text }]) => [number, text])).toEqual(
      numbers,
    )
    const words = numbers.map(([, word]) => word)
    expect(words).toEqual(
      expect.arrayContaining([...scaleReasons, ...holdReasons, 'invalid_policy', 'not_replicated']),
    )
  })
})

function cellsOf({ x, y, w, h }: (Panel | Row)['gridPos']): readonly string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`)
}

const documented = new Set(
  [...read('docs/metrics.md').matchAll(/^\| `(swarm_autoscaler_\w+)`/gm)].map(([, name]) => name ?? ''),
)
const recorded = new Set(
  RULE_FILES.flatMap((path) => readRuleFile(path).flatMap(({ rules }) => rules.map(({ record }) => record))),
)

function isKnown(name: string): boolean {
  const base = name.replace(/_(bucket|count|sum)$/, '')
  return documented.has(name) || documented.has(base) || recorded.has(name) || metricsOfOthers.includes(name)
}
