/** A recorded series: a value for each minute from the first on. Absent: there was no sample. */
export type Minutes = readonly (number | undefined)[]

/** The values of the `length` minutes up to and including `last`. */
export function valuesIn(series: Minutes, last: number, length: number): readonly number[] {
  const values: number[] = []
  for (let minute = Math.max(0, last - length + 1); minute <= last; minute += 1) {
    const value = series[minute]
    if (value !== undefined) values.push(value)
  }
  return values
}

export function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** Absent: there are no values. */
export function maxOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values)
}

/** For an even number of values the mean of the two in the middle, as in PromQL. Absent: there are no values. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const lower = sorted[Math.floor(middle)]
  const upper = sorted[Math.ceil(middle)]
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2
}
