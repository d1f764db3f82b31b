import type { CostGap } from '../../domain/cost.ts'
import type { ReplicaCount } from '../../domain/replica-count.ts'

/** A time in which a service had the same replicas. */
export interface Stretch {
  readonly fromMs: number
  readonly untilMs: number
  readonly replicas: number
}

/** The known replicas of a service in a period. */
export interface Timeline {
  readonly sinceMs: number
  readonly untilMs: number
  /** By time. Nothing is known of the time between two that do not touch. */
  readonly stretches: readonly Stretch[]
}

/**
 * The timeline of a service from its counts, which are sorted by time. Leaves out gaps and the time after its removal, but not the
 * time since the last resync.
 */
export function timelineOf(
  counts: readonly ReplicaCount[],
  gaps: readonly CostGap[],
  sinceMs: number,
  untilMs: number,
): Timeline {
  const stretches = counts.flatMap((count, index): Stretch[] => {
    if (count.isGone) return []
    const fromMs = Math.max(sinceMs, count.atMs)
    const endMs = Math.min(untilMs, counts[index + 1]?.atMs ?? untilMs)
    return endMs > fromMs ? [{ fromMs, untilMs: endMs, replicas: count.desired }] : []
  })
  return {
    sinceMs,
    untilMs,
    stretches: joined(
      withoutGaps(
        stretches,
        gaps.filter(({ reason }) => reason !== 'not_yet'),
      ),
    ),
  }
}

/** Fewest and most replicas, including `now`. Absent: there are no stretches. */
export function extremesOf({ stretches }: Timeline, now: number): { low: number; high: number } | undefined {
  if (stretches.length === 0) return undefined
  let low = now
  let high = now
  for (const { replicas } of stretches) {
    low = Math.min(low, replicas)
    high = Math.max(high, replicas)
  }
  return { low, high }
}

/** The times between the stretches, and before and after them. */
export function unknownOf({ sinceMs, untilMs, stretches }: Timeline): readonly Omit<Stretch, 'replicas'>[] {
  const edges = [sinceMs, ...stretches.flatMap((stretch) => [stretch.fromMs, stretch.untilMs]), untilMs]
  const unknown = []
  for (let index = 0; index < edges.length; index += 2) {
    const [fromMs = 0, endMs = 0] = [edges[index], edges[index + 1]]
    if (endMs > fromMs) unknown.push({ fromMs, untilMs: endMs })
  }
  return unknown
}

/** Both are sorted, so each is read once. */
function withoutGaps(stretches: readonly Stretch[], gaps: readonly CostGap[]): readonly Stretch[] {
  const ordered = gaps.toSorted((a, b) => a.fromMs - b.fromMs)
  let first = 0
  return stretches.flatMap((stretch) => {
    while ((ordered[first]?.untilMs ?? Number.POSITIVE_INFINITY) <= stretch.fromMs) first++
    const left: Stretch[] = []
    let fromMs = stretch.fromMs
    for (let index = first; index < ordered.length; index++) {
      const gap = ordered[index]
      if (gap === undefined || gap.fromMs >= stretch.untilMs) break
      if (gap.fromMs > fromMs) left.push({ ...stretch, fromMs, untilMs: gap.fromMs })
      fromMs = Math.max(fromMs, gap.untilMs)
    }
    if (fromMs < stretch.untilMs) left.push({ ...stretch, fromMs })
    return left
  })
}

/** Joins stretches with the same replicas: counts can also differ by running tasks and price. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = []
  for (const stretch of stretches) {
    const last = whole.at(-1)
    if (last?.untilMs === stretch.fromMs && last.replicas === stretch.replicas) {
      whole[whole.length - 1] = { ...last, untilMs: stretch.untilMs }
    } else whole.push(stretch)
  }
  return whole
}
