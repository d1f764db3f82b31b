import type { Result } from '../contest.ts'
import { loadFacts, type Subject } from './facts.ts'

/** The report for programs, as one object. Times are RFC 3339, and seconds since the epoch within `replicas`. */
export function jsonReport({ title, signal, trace, isCapacityAssumed, contest }: Subject): object {
  const { scene, results } = contest
  const { mean, peak, fromMs, untilMs } = loadFacts(contest)
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
