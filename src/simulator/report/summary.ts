import type { Comparison } from '../comparison.ts'
import type { Trace } from '../load/trace.ts'

/** What every kind of report is made of. */
export interface ReportInput {
  /** The name of the load: a service, a query, a file or a shape. */
  readonly title: string
  readonly signal: string
  readonly trace: Pick<Trace, 'stepMs' | 'gaps'>
  /** Whether the capacity of a replica is a guess. */
  readonly isCapacityAssumed: boolean
  readonly comparison: Comparison
}

/** The load in numbers, in its own unit. */
export interface LoadSummary {
  readonly mean: number
  readonly peak: number
  readonly fromMs: number
  readonly untilMs: number
}

export function loadSummary({ scene: { load, startMs } }: Comparison): LoadSummary {
  let [sum, peak] = [0, 0]
  for (const value of load) {
    sum += value
    if (value > peak) peak = value
  }
  return { mean: sum / load.length, peak, fromMs: startMs, untilMs: startMs + load.length * 1_000 }
}

/** Three significant digits, without an exponent: `1480`, `71.4`, `0.35`. */
export function digits(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return `${value}`
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return `${Number(value.toFixed(Math.min(6, decimals)))}`
}

/** `12.3 %`; a share above 0 is never printed as 0. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return '< 0.01 %'
  return `${Number((100 * share).toFixed(2))} %`
}

export function minutes(value: number): string {
  return `${value.toFixed(1)} min`
}

/** The first policy compared with Kubernetes' HPA, in a sentence. */
export function againstHpa({ results }: Comparison): string {
  const [own] = results
  const hpa = results.find(({ name }) => name === 'Kubernetes HPA')
  if (own === undefined || hpa === undefined) return ''
  const cost = `${percent(own.score.replicaHours / hpa.score.replicaHours)} of its replica-hours`
  if (hpa.score.minutesAbove === 0) {
    const above =
      own.score.minutesAbove === 0
        ? 'neither is ever above capacity'
        : `above capacity for ${minutes(own.score.minutesAbove)}, HPA never`
    return `Compared with Kubernetes' HPA: ${above}, ${cost}.`
  }
  return `Compared with Kubernetes' HPA: ${percent(own.score.minutesAbove / hpa.score.minutesAbove)} of its minutes above capacity, ${cost}.`
}
