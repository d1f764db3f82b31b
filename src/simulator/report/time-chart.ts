import { type Html, html, joinLines } from '../../text/html.ts'
import type { Step } from '../plant.ts'

/** A line of the chart: the number of replicas over time. */
export interface ChartLine {
  readonly name: string
  readonly steps: readonly Step[]
  /** Class name that sets its colour. */
  readonly tone: string
}

export interface TimeChartOptions {
  readonly title: string
  /** The replicas that the load needs, by second. */
  readonly needs: (second: number) => number
  readonly lines: readonly ChartLine[]
  /** The range that is drawn, in seconds: `from` inclusive, `until` exclusive. */
  readonly from: number
  readonly until: number
  /** The time of second 0, in ms since the epoch. */
  readonly startMs: number
}

const width = 1_060
const height = 300
const margin = { left: 44, right: 8, top: 14, bottom: 26 }
const plotWidth = width - margin.left - margin.right
const plotHeight = height - margin.top - margin.bottom
/** More columns than pixels cannot be seen. */
const maxColumns = plotWidth

/** Draws what a load needs as an area, and replicas as lines over it, as a self-contained SVG. */
export function timeChart(options: TimeChartOptions): Html {
  const { title, lines, from, until } = options
  const columns = Math.min(maxColumns, until - from)
  const needs = Array.from({ length: columns }, (_, column) => maxIn(options, column, columns))
  const top = niceTop(Math.max(1, ...needs, ...lines.flatMap(({ steps }) => maxOf(steps, from, until))))
  const y = (replicas: number) => round(margin.top + plotHeight * (1 - replicas / top))
  const x = (second: number) => round(margin.left + (plotWidth * (second - from)) / (until - from))
  const area = needs.map(
    (value, column) => `L${round(margin.left + (plotWidth * column) / columns)} ${y(value)}`,
  )
  return joinLines([
    html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}"><title>${title}</title>`,
    ...gridLines(top, y),
    ...timeLabels(options, x),
    html`<path class="needs" d="M${margin.left} ${y(0)}${area.join('')}L${margin.left + plotWidth} ${y(0)}Z"/>`,
    ...lines.map(
      ({ steps, tone }) => html`<path class="line ${tone}" d="${linePath(steps, from, until, x, y)}"/>`,
    ),
    html`</svg>`,
  ])
}

function maxIn({ needs, from, until }: TimeChartOptions, column: number, columns: number): number {
  const [first, end] = [column, column + 1].map(
    (at) => from + Math.floor(((until - from) * at) / columns),
  ) as [number, number]
  let most = 0
  for (let second = first; second < end; second += 1) most = Math.max(most, needs(second))
  return most
}

function maxOf(steps: readonly Step[], from: number, until: number): number {
  return steps.reduce((most, { at, replicas }, index) => {
    const end = steps[index + 1]?.at ?? Number.POSITIVE_INFINITY
    return at < until && end > from ? Math.max(most, replicas) : most
  }, 0)
}

/** Steps in the same column are drawn as one vertical line from the lowest to the highest. */
function linePath(
  steps: readonly Step[],
  from: number,
  until: number,
  x: (second: number) => number,
  y: (replicas: number) => number,
): string {
  let path = ''
  let column = Number.NaN
  for (const [index, { at, replicas }] of steps.entries()) {
    const end = steps[index + 1]?.at ?? until
    if (end <= from || at >= until) continue
    const begin = x(Math.max(at, from))
    if (path === '') path = `M${begin} ${y(replicas)}`
    else if (Math.floor(begin) === column) path += `V${y(replicas)}`
    else path += `H${begin}V${y(replicas)}`
    column = Math.floor(begin)
  }
  return `${path}H${x(until)}`
}

function gridLines(top: number, y: (replicas: number) => number): readonly Html[] {
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top)
  return marks.flatMap((mark) => [
    html`<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${y(mark)}" y2="${y(mark)}"/>`,
    html`<text class="mark" x="${margin.left - 6}" y="${y(mark) + 4}" text-anchor="end">${Number(mark.toFixed(2))}</text>`,
  ])
}

const tickChoices = [
  60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800,
  1_209_600,
]

function timeLabels(
  { from, until, startMs }: TimeChartOptions,
  x: (second: number) => number,
): readonly Html[] {
  const every = tickChoices.find((seconds) => (until - from) / seconds <= 10) ?? 2_592_000
  const offset = Math.round(startMs / 1_000) % every
  const labels: Html[] = []
  for (
    let second = Math.ceil((from + offset) / every) * every - offset;
    x(second) < width - 24;
    second += every
  ) {
    const time = new Date(startMs + second * 1_000).toISOString()
    const text = every >= 86_400 ? time.slice(5, 10) : time.slice(11, 16)
    labels.push(
      html`<text class="mark" x="${x(second)}" y="${height - 8}" text-anchor="middle">${text}</text>`,
    )
  }
  return labels
}

/** The next larger number that is easy to divide by four. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((one) => one * power >= most) ?? 10
  return Math.max(4, step * power)
}

const round = (value: number) => Math.round(value * 10) / 10
