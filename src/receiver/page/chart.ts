import type { Service } from '../../domain/service.ts'
import { type Html, html } from '../../text/html.ts'
import { counted, span } from './format.ts'
import { extremesOf, type Stretch, type Timeline, unknownOf } from './timeline.ts'

/** The units of the drawing; it is stretched to the available width. */
const width = 480
const height = 56
/** Room for half a line at the top and at the bottom. */
const margin = 2

/** The current bounds. */
interface ChartBounds {
  readonly min: number
  readonly max: number
}

/** Where a time and a number of replicas are in the drawing. */
interface Place {
  readonly x: (ms: number) => number
  readonly y: (replicas: number) => number
}

/**
 * The replicas of a service as a step line. Unknown times are gaps with a grey background, unless nothing is known at all. The current bounds
 * are a band behind the line, as far as it fits.
 */
export function chart(
  { name, desiredReplicas: now }: Pick<Service, 'name' | 'desiredReplicas'>,
  timeline: Timeline,
  bounds: ChartBounds | undefined,
): Html {
  const { sinceMs, untilMs, stretches } = timeline
  const top = topOf(extremesOf(timeline, now)?.high ?? now, bounds)
  const place: Place = {
    x: (ms) => oneDigit(((ms - sinceMs) / (untilMs - sinceMs)) * width),
    y: (replicas) => oneDigit(height - margin - (Math.min(replicas, top) / top) * (height - 2 * margin)),
  }
  const runs = runsOf(stretches).map((run) => thinned(run, place))
  const text = describe(name, now, timeline)
  return html`<svg class="chart" role="img" aria-label="${text}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"><title>${text}</title>${
    bounds && band(bounds, top, place)
  }${
    stretches.length > 0 &&
    unknownOf(timeline).map(
      (gap) =>
        html`<rect class="chart-gap" x="${place.x(gap.fromMs)}" y="0" width="${oneDigit(
          place.x(gap.untilMs) - place.x(gap.fromMs),
        )}" height="${height}"/>`,
    )
  }${runs.map((run) => drawn(run, place))}</svg>`
}

/** A description of the drawing for screen readers. */
function describe(name: string, now: number, timeline: Timeline): string {
  const over = span(timeline.untilMs - timeline.sinceMs)
  const extremes = extremesOf(timeline, now)
  if (extremes === undefined) return `${name}: no data for the last ${over}.`
  const { low, high } = extremes
  const unknownMs = unknownOf(timeline).reduce((sum, gap) => sum + gap.untilMs - gap.fromMs, 0)
  const gaps = unknownMs < 60_000 ? '' : ` No data for ${span(unknownMs)}.`
  return `${name} in the last ${over}: lowest ${low}, highest ${high}, now ${counted(now, 'replica')}.${gaps}`
}

/** The highest number drawn: bounds far above the replicas would flatten the line. */
function topOf(high: number, bounds: ChartBounds | undefined): number {
  return Math.max(1, high, bounds?.min ?? 0, Math.min(bounds?.max ?? 0, high * 2))
}

function band({ min, max }: ChartBounds, top: number, { y }: Place): Html {
  const [above, below] = [y(max), y(min)]
  return html`<rect class="chart-band" x="0" y="${above}" width="${width}" height="${oneDigit(
    below - above,
  )}"/>${max <= top && html`<path class="chart-bound" d="M0 ${above}H${width}"/>`}${
    min > 0 && html`<path class="chart-bound" d="M0 ${below}H${width}"/>`
  }`
}

function drawn(run: readonly Stretch[], place: Place): Html {
  const [first, last] = [run[0], run.at(-1)]
  if (first === undefined || last === undefined) return html``
  const steps = run.map((stretch, index) => {
    const endX = place.x(run[index + 1]?.fromMs ?? last.untilMs)
    return `${index === 0 ? '' : `V${place.y(stretch.replicas)}`}H${endX}`
  })
  const line = `M${place.x(first.fromMs)} ${place.y(first.replicas)}${steps.join('')}`
  return html`<path class="chart-area" d="${line}V${height}H${place.x(first.fromMs)}Z"/><path class="chart-line" d="${line}"/>`
}

/** Stretches without a gap between them. */
function runsOf(stretches: readonly Stretch[]): readonly (readonly Stretch[])[] {
  const runs: Stretch[][] = []
  for (const stretch of stretches) {
    const run = runs.at(-1)
    if (run?.at(-1)?.untilMs === stretch.fromMs) run.push(stretch)
    else runs.push([stretch])
  }
  return runs
}

/** Thins out steps that fall on the same unit of the drawing: keeps the first, the lowest, the highest and the last. */
function thinned(run: readonly Stretch[], { x }: Place): readonly Stretch[] {
  const columns = Map.groupBy(run, ({ fromMs }) => Math.floor(x(fromMs)))
  return [...columns.values()].flatMap((column) => {
    if (column.length <= 4) return column
    const ordered = column.toSorted((a, b) => a.replicas - b.replicas)
    const kept = new Set([column[0], ordered[0], ordered.at(-1), column.at(-1)])
    return column.filter((stretch) => kept.has(stretch))
  })
}

function oneDigit(value: number): number {
  return Math.round(value * 10) / 10
}
