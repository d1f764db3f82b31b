import { formatDuration } from '../../domain/duration.ts'

/** A load at one time. */
export interface Sample {
  /** In ms since the epoch. */
  readonly atMs: number
  readonly value: number
}

/** A load over time, and its gaps. */
export interface Trace {
  /** The time of second 0, in ms since the epoch. */
  readonly startMs: number
  /** The load at each second, interpolated between samples. */
  readonly load: Float64Array
  /** The usual time between two samples, in ms. */
  readonly stepMs: number
  readonly gaps: { readonly count: number; readonly longestMs: number; readonly totalMs: number }
}

/** The load is unusable. The message says what is wrong with it, and what would be right. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
}

/** More than this many usual steps is a gap. */
const gapSteps = 1.5
/** Maximum share of a load that may be missing. */
const maxMissing = 0.1
/** Longer steps hide what an autoscaler reacts to. */
const maxStepMs = 15 * 60_000
const maxMs = 400 * 24 * 3_600_000
const minMs = 10 * 60_000
/** More than any service has; probably a counter instead of a rate. */
const maxLoad = 1e12

/** Reads samples, the oldest first. `nameOf`: the name of a sample, for messages. Throws `LoadError`. */
export function traceOf(samples: readonly Sample[], nameOf: (index: number) => string = nameByNumber): Trace {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined || samples.length < 3) {
    throw new LoadError(
      `the load has ${samples.length === 0 ? 'no samples' : `${samples.length} samples, too few`}; ask for another range or query`,
    )
  }
  checkSamples(samples, nameOf)
  const stepMs = usualStep(samples)
  checkLength(last.atMs - first.atMs, stepMs)
  const gaps = gapsOf(samples, stepMs)
  const share = gaps.totalMs / (last.atMs - first.atMs)
  if (share > maxMissing) {
    throw new LoadError(
      `${Math.round(share * 100)} % of the load is missing, in ${gaps.count} gaps of up to ${formatDuration(gaps.longestMs)}; ` +
        `at most ${maxMissing * 100} % may be. Choose a range without gaps`,
    )
  }
  return { startMs: first.atMs, load: bySecond(samples), stepMs, gaps }
}

const nameByNumber = (index: number) => `sample ${index + 1}`

function checkSamples(samples: readonly Sample[], nameOf: (index: number) => string): void {
  let most = 0
  for (const [index, { atMs, value }] of samples.entries()) {
    if (!Number.isFinite(value) || value < 0) {
      throw new LoadError(`${nameOf(index)}: the load is ${value}; it must be a finite number >= 0`)
    }
    if (value > maxLoad) {
      throw new LoadError(
        `${nameOf(index)}: the load is ${value}, too large for any service; if it is a counter, use its rate()`,
      )
    }
    const before = samples[index - 1]
    if (before !== undefined && before.atMs >= atMs) {
      const how =
        before.atMs === atMs ? 'the same time as the one before it' : 'earlier than the one before it'
      throw new LoadError(
        `${nameOf(index)}: ${new Date(atMs).toISOString()} is ${how}; sort the samples by time`,
      )
    }
    most = Math.max(most, value)
  }
  if (most === 0) throw new LoadError('the load is 0 all the time; ask for another range or query')
}

/** The median time between two samples. */
function usualStep(samples: readonly Sample[]): number {
  const steps = samples.slice(1).map(({ atMs }, index) => atMs - (samples[index] as Sample).atMs)
  return steps.sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)] as number
}

function checkLength(totalMs: number, stepMs: number): void {
  if (stepMs > maxStepMs) {
    throw new LoadError(
      `the samples are ${formatDuration(stepMs)} apart, too far for an autoscaler that acts within seconds; at most ${formatDuration(maxStepMs)} are allowed, 15s are good`,
    )
  }
  if (totalMs < minMs) {
    throw new LoadError(
      `the load is ${formatDuration(totalMs)} long; at least ${formatDuration(minMs)} are needed`,
    )
  }
  if (totalMs > maxMs) {
    throw new LoadError(
      `the load is ${formatDuration(totalMs)} long; at most ${formatDuration(maxMs)} are allowed. Are the times in seconds, or in ms?`,
    )
  }
}

function gapsOf(samples: readonly Sample[], stepMs: number): Trace['gaps'] {
  let [count, longestMs, totalMs] = [0, 0, 0]
  for (let index = 1; index < samples.length; index += 1) {
    const apart = (samples[index] as Sample).atMs - (samples[index - 1] as Sample).atMs
    if (apart <= stepMs * gapSteps) continue
    count += 1
    longestMs = Math.max(longestMs, apart)
    totalMs += apart - stepMs
  }
  return { count, longestMs, totalMs }
}

function bySecond(samples: readonly Sample[]): Float64Array {
  const startMs = (samples[0] as Sample).atMs
  const seconds = Math.floor(((samples.at(-1) as Sample).atMs - startMs) / 1_000)
  const load = new Float64Array(seconds)
  let index = 0
  for (let second = 0; second < seconds; second += 1) {
    const atMs = startMs + second * 1_000
    while ((samples[index + 1] as Sample).atMs <= atMs) index += 1
    const [a, b] = [samples[index] as Sample, samples[index + 1] as Sample]
    load[second] = a.value + ((b.value - a.value) * (atMs - a.atMs)) / (b.atMs - a.atMs)
  }
  return load
}
