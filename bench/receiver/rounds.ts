/** The value below which this share of them lies. `NaN` where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

const median = (values: readonly number[]) => percentile(values, 0.5)

/** What was measured of both sides, round by round. */
export interface Rounds<T> {
  readonly own: readonly T[]
  readonly yardstick: readonly T[]
}

/**
 * Measures both sides by turns, so that what else the machine does meets both alike. A first round warms up and does not count.
 * Which side begins changes with the round.
 */
export async function byTurns<T>(
  rounds: number,
  own: () => Promise<T>,
  yardstick: () => Promise<T>,
): Promise<Rounds<T>> {
  const measured = { own: [] as T[], yardstick: [] as T[] }
  for (let round = 0; round <= rounds; round++) {
    const sides = [
      ['own', own],
      ['yardstick', yardstick],
    ] as const
    for (const [side, measure] of round % 2 === 0 ? sides : sides.toReversed()) {
      const value = await measure()
      if (round > 0) measured[side].push(value)
    }
  }
  return measured
}

/** The medians of both sides, and the median of the ratios of the rounds. */
export function compare<T>({ own, yardstick }: Rounds<T>, read: (measured: T) => number) {
  const ratios = own.map((one, round) => read(one) / read(yardstick[round] as T))
  return { own: median(own.map(read)), yardstick: median(yardstick.map(read)), ratio: median(ratios) }
}
