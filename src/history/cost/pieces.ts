import type { CostGap } from '../../domain/cost.ts'
import { defined } from '../../domain/defined.ts'
import type { ReplicaCount } from '../../domain/replica-count.ts'
import { meetings, type Span } from './span.ts'
import type { View } from './view.ts'

/** A time in which a service had the same number of replicas at the same price. */
export interface Known extends Span {
  readonly kind: 'known'
  readonly replicas: number
  /** Price of one replica for one hour. Absent: none was set. */
  readonly costPerHour?: number
}

/** A time in which nothing is known about a service. */
export interface Unknown extends Span {
  readonly kind: 'gap'
  readonly reason: CostGap['reason']
}

/** From a count of a service to the next one. */
interface Stretch extends Span {
  /** Absent before the first one. */
  readonly count?: ReplicaCount
}

/** The history of one service in pieces, divided by its counts and the views: by time, and without holes. */
export function* piecesOf(
  counts: readonly ReplicaCount[],
  views: readonly View[],
): Generator<Known | Unknown> {
  for (const { fromMs, untilMs, a, b } of meetings(stretchesOf(counts), views)) {
    yield pieceOf({ fromMs, untilMs }, a.count, b.gap)
  }
}

function* stretchesOf(counts: readonly ReplicaCount[]): Generator<Stretch> {
  const endOf = (index: number) => counts[index + 1]?.atMs ?? Number.POSITIVE_INFINITY
  yield { fromMs: Number.NEGATIVE_INFINITY, untilMs: endOf(-1) }
  for (const [index, count] of counts.entries()) yield { fromMs: count.atMs, untilMs: endOf(index), count }
}

function pieceOf(span: Span, count: ReplicaCount | undefined, gap: View['gap']): Known | Unknown {
  if (gap === 'not_yet') return { ...span, kind: 'gap', reason: gap }
  if (count === undefined) return { ...span, kind: 'gap', reason: 'before_first_count' }
  if (count.isGone === true) return { ...span, kind: 'gap', reason: 'gone' }
  if (gap !== undefined) return { ...span, kind: 'gap', reason: gap }
  const { running, desired, costPerHour } = count
  return { ...span, kind: 'known', replicas: running ?? desired, ...defined({ costPerHour }) }
}
