/** The major version of Prometheus, on which details of `rate()` depend. */
export type PrometheusVersion = 2 | 3

/**
 * The result of Prometheus' `rate()` for samples of a counter that never resets. Source: `extrapolatedRate` of
 * prometheus/prometheus `promql/functions.go`.
 *
 * `values` are the samples in the window, the oldest first, `every` seconds apart, the last one `age` seconds before the end of
 * the window of `window` seconds. Absent: there are fewer than two.
 */
export function rateOf(
  values: readonly number[],
  every: number,
  age: number,
  window: number,
  version: PrometheusVersion = 3,
): number | undefined {
  const first = values[0]
  const last = values.at(-1)
  if (first === undefined || last === undefined || values.length < 2) return undefined
  const increase = last - first
  const sampled = every * (values.length - 1)
  const threshold = every * 1.1
  const gap = window - age - sampled
  const guessed = (seconds: number) => (seconds >= threshold ? every / 2 : seconds)
  // A counter cannot have been below zero.
  const sinceZero = increase > 0 && first >= 0 ? (sampled * first) / increase : Number.POSITIVE_INFINITY
  const toStart = version === 3 ? Math.min(guessed(gap), sinceZero) : guessed(Math.min(gap, sinceZero))
  return (increase * (sampled + toStart + guessed(age))) / sampled / window
}
