import { type Chosen, interpolate, type Span, stepSeconds } from './interpolate.ts'
import type { Annotation, Dashboard, Panel, Target } from './shape.ts'

/** A series as Prometheus answers: its labels, and its points in ms since the epoch. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (readonly [atMs: number, value: number])[]
}

/** What one query of a panel came to. */
export interface Answer {
  readonly target: Target
  /** As it was sent. */
  readonly expr: string
  readonly stepSeconds: number
  readonly series: readonly Series[]
}

export interface AskOptions {
  readonly prometheus: string
  readonly span: Span
  readonly chosen: Readonly<Record<string, Chosen>>
  /** How wide a dashboard is, in pixels. */
  readonly width: number
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

const secondsOf = (interval: string | undefined): number =>
  interval === undefined
    ? 0
    : Number.parseInt(interval, 10) * unitSeconds[interval.slice(-1) as keyof typeof unitSeconds]

/** Asks all that a panel shows, as Grafana would. */
export async function ask(
  dashboard: Dashboard,
  panel: Panel,
  options: AskOptions,
): Promise<readonly Answer[]> {
  const span = panel.timeFrom === undefined ? options.span : ownSpan(panel.timeFrom, options.span)
  const points = panel.maxDataPoints ?? Math.max(1, Math.round((panel.gridPos.w / 24) * options.width))
  return await Promise.all(
    panel.targets.map(async (target) => {
      const step = stepSeconds(span, points, secondsOf(target.interval))
      const situation = {
        span,
        stepSeconds: step,
        variables: dashboard.templating.list,
        chosen: options.chosen,
      }
      const expr = interpolate(target.expr, situation)
      const series = target.instant
        ? await instant(options.prometheus, expr, span.toMs)
        : await range(options.prometheus, expr, span, step)
      return { target, expr, stepSeconds: step, series }
    }),
  )
}

/** Asks for the marks of an annotation: about a hundred points. */
export async function askMarks(
  dashboard: Dashboard,
  { expr, step: atLeast }: Annotation,
  { prometheus, span, chosen }: AskOptions,
): Promise<readonly Series[]> {
  const step = stepSeconds(span, 100, secondsOf(atLeast))
  const situation = { span, stepSeconds: step, variables: dashboard.templating.list, chosen }
  return await range(prometheus, interpolate(expr, situation), span, step)
}

/** The time range of a panel that has one of its own. */
function ownSpan(timeFrom: string, { toMs }: Span): Span {
  if (timeFrom !== 'now/M') throw new Error(`the preview knows no time range ${timeFrom}`)
  const now = new Date(toMs)
  return { fromMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth()), toMs }
}

type Result = {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

async function instant(prometheus: string, query: string, atMs: number): Promise<readonly Series[]> {
  return await fetchSeries(prometheus, 'query', { query, time: `${atMs / 1_000}` })
}

async function range(
  prometheus: string,
  query: string,
  { fromMs, toMs }: Span,
  step: number,
): Promise<readonly Series[]> {
  const aligned = (ms: number) => Math.floor(ms / 1_000 / step) * step
  return await fetchSeries(prometheus, 'query_range', {
    query,
    start: `${aligned(fromMs)}`,
    end: `${aligned(toMs)}`,
    step: `${step}`,
  })
}

async function fetchSeries(
  prometheus: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Series[]> {
  const response = await fetch(`${prometheus}/api/v1/${path}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(60_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`Prometheus: ${response.status} ${text}\n${parameters['query']}`)
  const { data } = JSON.parse(text) as { data: { result: readonly Result[] } }
  return data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
    labels: metric,
    points: values.map(([seconds, number]) => [seconds * 1_000, Number(number)] as const),
  }))
}

/** The name of a series, by the legend of its query. */
export function nameOf(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
}
