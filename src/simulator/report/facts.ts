import type { Contest } from '../contest.ts'
import type { Trace } from '../load/trace.ts'

/** What was looked at, for every kind of report. */
export interface Subject {
  /** What the load is called: a service, a file, a shape. */
  readonly title: string
  readonly signal: string
  /** Time between two samples, in ms, and what was missing. */
  readonly trace: Pick<Trace, 'stepMs' | 'gaps'>
  /** Whether what a replica can bear is a guess. */
  readonly isCapacityAssumed: boolean
  readonly contest: Contest
}

/** The load in numbers, in its own unit. */
export interface LoadFacts {
  readonly mean: number
  readonly peak: number
  readonly fromMs: number
  readonly untilMs: number
}

export function loadFacts({ scene: { load, startMs } }: Contest): LoadFacts {
  let [sum, peak] = [0, 0]
  for (const value of load) {
    sum += value
    if (value > peak) peak = value
  }
  return { mean: sum / load.length, peak, fromMs: startMs, untilMs: startMs + load.length * 1_000 }
}

/** Three digits that count, without an exponent: `1480`, `71.4`, `0.35`. */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return `${value}`
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return `${Number(value.toFixed(Math.min(6, decimals)))}`
}

/** `12.3 %`; what is there and rounds to nothing is told as less than the least. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return '< 0.01 %'
  return `${Number((100 * share).toFixed(2))} %`
}

export function minutes(value: number): string {
  return `${value.toFixed(1)} min`
}

/** How the first policy does against Kubernetes, in a sentence. */
export function againstHpa({ results }: Contest): string {
  const [own] = results
  const hpa = results.find(({ name }) => name === 'Kubernetes HPA')
  if (own === undefined || hpa === undefined) return ''
  const cost = `at ${percent(own.score.replicaHours / hpa.score.replicaHours)} of its replica-hours`
  if (hpa.score.minutesAbove === 0) {
    const above =
      own.score.minutesAbove === 0
        ? 'Neither is ever above capacity'
        : `It is above capacity for ${minutes(own.score.minutesAbove)}, and HPA never is`
    return `Against Kubernetes' HPA: ${above}, ${cost}.`
  }
  return `Against Kubernetes' HPA: ${percent(own.score.minutesAbove / hpa.score.minutesAbove)} of its minutes above capacity, ${cost}.`
}
