import { beforeEach, expect, it } from 'vitest'
import { type AskOptions, ask, askMarks } from '../../grafana/preview/ask.ts'
import { all, type Chosen, interpolate } from '../../grafana/preview/interpolate.ts'
import { type Dashboard, type Panel, panelsOf, readDashboards } from '../../grafana/preview/shape.ts'
import { faultsOf } from '../support/dashboards/check-answers.ts'
import { expected } from '../support/dashboards/expected.ts'
import type { LoopReport } from '../support/demo/loop.ts'
import { Observation } from '../support/demo/observe.ts'
import type { Outcome } from '../support/story/story.ts'
import { describeWithEngine, stackEngine } from '../support/testbed/describe-with-engine.ts'
import type { Stack } from '../support/testbed/stack.ts'
import { waitFor } from '../support/testbed/wait.ts'

const dayMs = 86_400_000

/**
 * What the dashboards show of the loop, once it was run on the stack: each of their queries is asked of the stack's Prometheus, as
 * Grafana asks it.
 */
export function describeDashboards(getStack: () => Stack, loop: Outcome<LoopReport>): void {
  describeWithEngine('the dashboards, after the loop', () => {
    let run: { readonly stack: Stack; readonly report: LoopReport }
    const shapes = readDashboards()
    beforeEach((context) => {
      run = { stack: getStack(), report: loop.of(context) }
    })

    /** From before the load came until now; panels of days from the beginning of the day on. */
    function optionsFor(service: Chosen, panel?: Panel): AskOptions {
      const fromMs = run.report.loadAtMs - 30_000
      const isOfDays = panel?.targets.some(({ interval }) => interval === '1d') === true
      const span = { fromMs: isOfDays ? Math.floor(fromMs / dayMs) * dayMs : fromMs, toMs: Date.now() }
      return { prometheus: run.stack.urls.prometheus, span, chosen: { service }, width: 1_600 }
    }

    const choices: readonly (readonly [string, () => Chosen])[] = [
      ['all services', () => all],
      ['the scaled one alone', () => run.stack.webService],
    ]
    for (const [name, choose] of choices) {
      it.each([...shapes])(
        `have data of the right shape in every panel of %s, with ${name}`,
        async (file, dashboard) => {
          // One service is all that it can show.
          const service = file === 'service.json' ? run.stack.webService : choose()
          if (file === 'cost.json') await untilCostIsKnown()
          const faults: string[] = []
          for (const panel of panelsOf(dashboard)) {
            faults.push(
              ...faultsOf(
                panel,
                await ask(dashboard, panel, optionsFor(service, panel)),
                expected[file]?.[panel.title],
              ),
            )
          }
          expect(faults.join('\n')).toBe('')
        },
      )
    }

    it('show the scale-up in the panel of the replicas from the first scrape after it was applied on', async () => {
      const { report, stack } = run
      const series = `swarm_autoscaler_service_desired_replicas{service="${stack.webService}"}`
      const scrapes = [...(await new Observation(stackEngine, stack).scrapes(series, report.loadAtMs))]
      const [scrapedAtMs = Number.NaN] = scrapes.find(([, value]) => value > 1) ?? []
      // A scrape that began before may have been answered after it.
      const next = scrapes.find(([atMs]) => atMs >= report.appliedAtMs)
      expect(scrapedAtMs).toBeLessThanOrEqual(next?.[0] ?? Number.NaN)
      const dashboard = dashboardOf('service.json')
      const panel = panelsOf(dashboard).find(({ title }) => title === 'Replicas')
      if (panel === undefined) throw new Error('there is no panel Replicas')
      const answers = await ask(dashboard, panel, optionsFor(stack.webService))
      const desired = answers.find(({ target }) => target.legendFormat === 'desired')
      const points = desired?.series[0]?.points ?? []
      const up = points.find(([atMs, value]) => atMs > report.loadAtMs && value > 1)
      const shownAtMs = up?.[0] ?? Number.NaN
      const afterMs = shownAtMs - report.appliedAtMs
      console.log(`the scale-up is in the panel ${(afterMs / 1_000).toFixed(1)} s after it was applied`)
      expect(shownAtMs).toBeGreaterThanOrEqual(scrapedAtMs)
      // Points lie apart from each other.
      expect(shownAtMs).toBeLessThanOrEqual(scrapedAtMs + 1_000 * (desired?.stepSeconds ?? 0))
      expect(Math.max(...points.map(([, value]) => value))).toBe(report.highest)
    })

    it('mark each change of the loop at its time, with its reason', async () => {
      const { report, stack } = run
      for (const [name, isIt] of [
        ['Scaled up', ({ from, to }: { from: number; to: number }) => to > from],
        ['Scaled down', ({ from, to }: { from: number; to: number }) => to < from],
      ] as const) {
        const dashboard = dashboardOf('overview.json')
        const annotation = dashboard.annotations.list.find((each) => each.name === name)
        if (annotation === undefined) throw new Error(`there is no annotation ${name}`)
        const marks = await askMarks(dashboard, annotation, optionsFor(stack.webService))
        expect(marks.map(({ labels }) => labels)).toEqual([{ service: stack.webService, reason: 'alert' }])
        const times = marks.flatMap(({ points }) => points.map(([, value]) => value))
        const [last] = report.scalings.filter(isIt).slice(-1)
        // The log tells of a change when its update has been answered.
        expect(Math.min(...times.map((atMs) => Math.abs(atMs - (last?.atMs ?? 0))))).toBeLessThan(2_000)
      }
    })

    it('find the receiver and the service for their variables', async () => {
      const dashboard = dashboardOf('overview.json')
      const options = optionsFor(all)
      const situation = { ...options, stepSeconds: 5, variables: dashboard.templating.list }
      const values = new Map<string, readonly string[]>()
      for (const { name, type, query } of dashboard.templating.list) {
        if (type !== 'query') continue
        const { query: text } = query as { query: string }
        const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? []
        values.set(name, await labelValues(interpolate(selector, situation), label))
      }
      expect(values.get('job')).toEqual(['swarm-autoscaler'])
      expect(values.get('instance')).not.toEqual([])
      expect(values.get('service')).toContain(run.stack.webService)
    })

    /** Whole minutes count, from the first look of the receiver on: it can take two of them, and the loop may be as quick. */
    async function untilCostIsKnown(): Promise<void> {
      const { prometheus } = run.stack.urls
      const probe = async () => {
        const answer = await fetch(`${prometheus}/api/v1/query?query=swarm_autoscaler:cost:increase1m`)
        const { data } = (await answer.json()) as { data: { result: readonly unknown[] } }
        return data.result.length > 0 ? true : undefined
      }
      await waitFor(probe, { for: 'the first minute of the cost', timeoutMs: 90_000 })
    }

    async function labelValues(selector: string, label: string): Promise<readonly string[]> {
      const url = new URL(`/api/v1/label/${label}/values`, run.stack.urls.prometheus)
      url.searchParams.set('match[]', selector)
      return ((await (await fetch(url)).json()) as { data: readonly string[] }).data
    }

    function dashboardOf(file: string): Dashboard {
      const dashboard = shapes.get(file)
      if (dashboard === undefined) throw new Error(`there is no dashboard ${file}`)
      return dashboard
    }
  })
}
