import type { Result } from '../comparison.ts'
import { loadSummary, type ReportInput } from './summary.ts'

/** The report for programs, as one object. Times are RFC 3339, in `replicas` seconds since the epoch. */
export function jsonReport({ title, signal, trace, isCapacityAssumed, comparison }: ReportInput): object {
  const { scene, results } = comparison
  const { mean, peak, fromMs, untilMs } = loadSummary(comparison)
  return {
    load: {
      title,
      signal,
      from: new Date(fromMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      stepSeconds: trace.stepMs / 1_000,
      mean,
      peak,
      gaps: {
        count: trace.gaps.count,
        longestSeconds: trace.gaps.longestMs / 1_000,
        totalSeconds: trace.gaps.totalMs / 1_000,
      },
    },
    replica: {
      capacity: scene.capacity,
      isCapacityAssumed,
      target: scene.target,
      startUpSeconds: scene.startUpSeconds,
    },
    results: results.map((result) => resultOf(result, scene.startMs)),
  }
}

function resultOf({ name, about, score, supply }: Result, startMs: number): object {
  return {
    name,
    about,
    ...score,
    replicas: supply.desired.map(({ at, replicas }) => [startMs / 1_000 + at, replicas]),
  }
}
