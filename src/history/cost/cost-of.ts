import type { CostGap, CostQuery, ServiceCost } from '../../domain/cost.ts'
import type { ReplicaCount, Watch } from '../../domain/replica-count.ts'
import { daysIn } from './days.ts'
import { type Known, piecesOf } from './pieces.ts'
import { meetings, type Span } from './span.ts'
import { Tally } from './tally.ts'
import { type View, viewsOf } from './view.ts'

/** What the cost is calculated from. */
export interface CostBasis {
  /** For each service by time: those in the period, and the last one before it. */
  readonly counts: readonly ReplicaCount[]
  /** Those that overlap the period, of any receiver. */
  readonly watches: readonly Watch[]
  /** Now, in ms since the epoch: nothing later is known. */
  readonly nowMs: number
  /** A watch that ended at most this long ago is still active; the time since then is not known yet. In ms. Default 0. */
  readonly patienceMs?: number
}

/**
 * The cost of each service, by name: the running replicas (or those in the spec, if not counted), over the time in which a
 * receiver watched Swarm, from the first count of the service to its removal. All other time is a gap.
 *
 * A count is valid until the next one, also after a time without a watch: a new watch counts every service again at its start, so
 * changes before it fall into the gap.
 *
 * Throws `RangeError` if there is no such time zone.
 */
export function costOf(query: CostQuery, basis: CostBasis): readonly ServiceCost[] {
  const { service: one, sinceMs: fromMs, byDayIn } = query
  const window = { fromMs, untilMs: Math.max(fromMs, query.untilMs) }
  const views = viewsOf(window, basis.watches, basis.nowMs, basis.patienceMs ?? 0)
  const days = byDayIn === undefined ? undefined : daysIn(byDayIn, window)
  return [...Map.groupBy(basis.counts, ({ service }) => service)]
    .filter(([, counts]) => one !== undefined || counts.some(({ isGone }) => isGone !== true))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, counts]) => ({ service, ...costOfOne(counts, { window, views, days, query }) }))
}

interface Frame {
  readonly window: Span
  readonly views: readonly View[]
  readonly days: readonly Span[] | undefined
  readonly query: CostQuery
}

function costOfOne(
  counts: readonly ReplicaCount[],
  { window, views, days, query: { fixed } }: Frame,
): Omit<ServiceCost, 'service'> {
  const whole = new Tally()
  const known: Known[] = []
  const gaps: CostGap[] = []
  for (const piece of piecesOf(counts, views)) {
    if (piece.kind === 'gap') {
      addGap(gaps, piece)
      continue
    }
    whole.add(piece)
    if (days !== undefined) known.push(piece)
  }
  return {
    ...whole.usage(window, fixed),
    gaps,
    ...(days === undefined ? {} : { days: byDay(known, days, fixed) }),
  }
}

/** Adjacent gaps with the same reason become one. */
function addGap(gaps: CostGap[], { fromMs, untilMs, reason }: CostGap): void {
  const last = gaps.at(-1)
  if (last?.untilMs === fromMs && last.reason === reason) gaps[gaps.length - 1] = { ...last, untilMs }
  else gaps.push({ fromMs, untilMs, reason })
}

function byDay(known: readonly Known[], days: readonly Span[], fixed: number | undefined) {
  const tallies = new Map(days.map((day) => [day, new Tally()]))
  for (const { fromMs, untilMs, a: piece, b: day } of meetings(known, days)) {
    tallies.get(day)?.add({ ...piece, fromMs, untilMs })
  }
  return [...tallies].map(([day, tally]) => tally.usage(day, fixed))
}
