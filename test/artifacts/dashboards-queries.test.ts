import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type AskOptions, ask, askMarks } from '../../grafana/preview/ask.ts'
import { inHtml } from '../../grafana/preview/draw-others.ts'
import { all, type Chosen } from '../../grafana/preview/interpolate.ts'
import { pageOf } from '../../grafana/preview/page.ts'
import { serveData } from '../../grafana/preview/serve-data.ts'
import { type Dashboard, panelsOf, readDashboards } from '../../grafana/preview/shape.ts'
import { world, writeWorld } from '../support/dashboards/made-up-world.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import type { RunningPrometheus } from '../support/tools/running-prometheus.ts'

const shapes = readDashboards()
const span = { fromMs: world.fromMs, toMs: world.toMs }
const services = ['web', ...Object.keys(world.steady)]

await describeWithTools('the dashboards, on a made-up world', ({ promtool }) => {
  let served: RunningPrometheus
  const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-world-'))

  beforeAll(async () => {
    await writeWorld(promtool, folder)
    served = await serveData(folder)
  })

  afterAll(async () => {
    await served?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const optionsFor = (service: Chosen): AskOptions => ({
    prometheus: served.url,
    span,
    chosen: { service },
    width: 1_600,
  })

  async function answersOf(file: string, title: string, service: Chosen = all): Promise<readonly Answer[]> {
    const dashboard = dashboardOf(file)
    const panel = panelsOf(dashboard).find((each) => each.title === title)
    if (panel === undefined) throw new Error(`there is no panel ${title}`)
    return await ask(dashboard, panel, optionsFor(service))
  }

  const choices: readonly (readonly [name: string, chosen: Chosen, names: readonly string[]])[] = [
    ['all services', all, services],
    ['a name with a dash', 'shop-api', ['shop-api']],
    ['a name with a dot', 'mail.worker', ['mail.worker']],
    ['two of them', ['mail.worker', 'web'], ['mail.worker', 'web']],
  ]

  describe.each(choices)('with %s', (_, chosen, names) => {
    const files = [...shapes].filter(([file]) => file !== 'service.json' || typeof chosen === 'string')
    it.each(files)(
      '%s asks what Prometheus understands, and hears of no other service',
      async (_file, dashboard) => {
        for (const panel of panelsOf(dashboard)) {
          for (const { series, expr } of await ask(dashboard, panel, optionsFor(chosen))) {
            const told = series.flatMap(({ labels: { service } }) => service ?? [])
            const strange = told.filter((name) => !names.includes(name) && !name.startsWith('none'))
            expect(strange, expr).toEqual([])
          }
        }
      },
    )

    it('adds up the replicas of those, each of them once', async () => {
      const atMs = world.fromMs + 300_000
      const [, , running, desired] = await answersOf(
        'overview.json',
        'Replicas of the selected services',
        chosen,
      )
      const has: Readonly<Record<string, number>> = { web: 2, ...world.steady }
      const sum = names.reduce((total, name) => total + (has[name] ?? 0), 0)
      expect(valueAt(running, atMs)).toBe(sum)
      expect(valueAt(desired, atMs)).toBe(sum)
    })
  })

  it.each([...shapes])(
    '%s can be drawn, with each of its panels and no other service',
    async (_, dashboard) => {
      const page = await pageOf(dashboard, optionsFor('mail.worker'))
      const shown = dashboard.panels.map(({ title }) => title)
      for (const title of shown) expect(page).toContain(inHtml(title))
      const hasServices = dashboard.templating.list.some(({ name }) => name === 'service')
      expect(page.includes('mail.worker')).toBe(hasServices)
      expect(page).not.toContain('mailXworker')
    },
  )

  it('show a change at the first point after the scrape that saw it', async () => {
    const [desired] = await answersOf('service.json', 'Replicas', 'web').then((answers) => answers.slice(3))
    const points = desired?.series[0]?.points ?? []
    const up = points.find(([, value]) => value === 5)?.[0] ?? 0
    const step = 1_000 * (desired?.stepSeconds ?? 0)
    expect(up - world.upMs).toBeGreaterThan(0)
    expect(up - world.upMs).toBeLessThanOrEqual(5_000 + step)
  })

  it('count changes over a restart of the receiver, each of them once', async () => {
    const [changes] = await answersOf('overview.json', 'Changes')
    expect(changes?.series[0]?.points[0]?.[1]).toBe(2)
    const [ups, downs, failed] = await answersOf('service.json', 'Changes in this time', 'web')
    expect([ups, downs, failed].map((answer) => answer?.series[0]?.points[0]?.[1])).toEqual([1, 1, 0])
  })

  it('keep the rate of counters over a restart of the receiver', async () => {
    const [posts] = await answersOf('receiver.json', 'Posts to the webhook')
    const points = posts?.series[0]?.points ?? []
    expect(posts?.series).toHaveLength(1)
    // Where one ends and the other begins, a window holds both or half of one.
    const calm = points.filter(
      ([ms]) => Math.abs(ms - world.handOverMs) > 60_000 && ms - world.fromMs > 60_000,
    )
    expect(calm.length).toBeGreaterThan(100)
    for (const [, value] of calm) expect(value).toBeCloseTo(2, 5)
  })

  it('take quantiles of the buckets of all receivers together', async () => {
    const [p50, p95] = await answersOf('receiver.json', 'Time to answer a post')
    // Half of nine tenths within 10 to 25 ms, and half of the last tenth within 25 to 100 ms.
    expect(valueAt(p50, world.toMs)).toBeCloseTo(0.01 + (0.015 * 5) / 9, 5)
    expect(valueAt(p95, world.toMs)).toBeCloseTo(0.025 + 0.075 / 2, 5)
  })

  it('tell of services in trouble and of invalid policies, by their number', async () => {
    const [trouble] = await answersOf('overview.json', 'Blocked or failing now')
    const [invalid] = await answersOf('overview.json', 'Invalid policies')
    expect(valueAt(trouble, world.toMs)).toBe(1)
    expect(valueAt(invalid, world.toMs)).toBe(1)
    const [ofOne] = await answersOf('overview.json', 'Blocked or failing now', 'shop-api')
    expect(valueAt(ofOne, world.toMs)).toBe(0)
  })

  it.each([
    ['Scaled up', world.upMs],
    ['Scaled down', world.downMs],
  ])('mark %s to the millisecond, once, with its reason', async (name, atMs) => {
    for (const file of ['overview.json', 'service.json']) {
      const dashboard = dashboardOf(file)
      const annotation = dashboard.annotations.list.find((each) => each.name === name)
      if (annotation === undefined) throw new Error(`there is no annotation ${name}`)
      const chosen = file === 'service.json' ? 'web' : all
      const marks = await askMarks(dashboard, annotation, optionsFor(chosen))
      expect(marks.map(({ labels }) => labels)).toEqual([{ service: 'web', reason: 'alert' }])
      expect([...new Set(marks.flatMap(({ points }) => points.map(([, value]) => value)))]).toEqual([atMs])
    }
  })
})

function dashboardOf(file: string): Dashboard {
  const dashboard = shapes.get(file)
  if (dashboard === undefined) throw new Error(`there is no dashboard ${file}`)
  return dashboard
}

function valueAt(answer: Answer | undefined, ms: number): number | undefined {
  return answer?.series[0]?.points.filter(([atMs]) => atMs <= ms).at(-1)?.[1]
}
