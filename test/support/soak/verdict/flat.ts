/** A figure at one moment, in ms since the epoch. */
export interface Point {
  readonly atMs: number
  readonly value: number
}

/** How much the last third may lie above the second: this share of it, and so much more. */
export interface Margin {
  readonly share: number
  readonly more: number
}

/** How a figure moved over a process's life. */
export interface Growth {
  /** Median of the second third of the life. */
  readonly second: number
  /** Median of the last third. */
  readonly last: number
  /** Most that the last one may be. */
  readonly most: number
  readonly isFlat: boolean
}

/**
 * Whether a figure has stopped growing: the first third of the life is for warming up, and does not count. A life with
 * no point in one of the others has not shown it.
 */
export function growthOf(points: readonly Point[], { share, more }: Margin): Growth {
  const fromMs = points[0]?.atMs ?? 0
  const lengthMs = (points.at(-1)?.atMs ?? 0) - fromMs
  const inThird = (third: number) =>
    points
      .filter(({ atMs }) => atMs >= fromMs + (lengthMs * (third - 1)) / 3)
      .filter(({ atMs }) => third === 3 || atMs < fromMs + (lengthMs * third) / 3)
      .map(({ value }) => value)
  const [seconds, lasts] = [inThird(2), inThird(3)]
  const [second, last] = [median(seconds), median(lasts)]
  const most = second * (1 + share) + more
  return { second, last, most, isFlat: seconds.length > 0 && lasts.length > 0 && last <= most }
}

/**
 * The lowest value of each of `count` windows of the same length, at its middle: of a heap what its last collections left, of
 * descriptors those that are always there.
 */
export function lowestOf(points: readonly Point[], count: number): readonly Point[] {
  const fromMs = points[0]?.atMs ?? 0
  const windowMs = Math.max(1, ((points.at(-1)?.atMs ?? 0) - fromMs) / count)
  const windowOf = ({ atMs }: Point) => Math.min(count - 1, Math.floor((atMs - fromMs) / windowMs))
  return [...Map.groupBy(points, windowOf)].map(([window, inside]) => ({
    atMs: fromMs + (window + 0.5) * windowMs,
    value: Math.min(...inside.map(({ value }) => value)),
  }))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}
