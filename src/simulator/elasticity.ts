import type { Step } from './plant.ts'

/**
 * The elasticity figures of the SPEC RG: how far and how long the supply was below and above the demand.
 * Source: N. Herbst et al., "Ready for Rain? A View from SPEC Research on the Future of Cloud Metrics", 2016.
 */
export interface Elasticity {
  /** Mean of the replicas that were missing, over the whole time. */
  readonly underAccuracy: number
  /** Mean of the replicas that were too many. */
  readonly overAccuracy: number
  /** Share of the time in which replicas were missing, 0 to 1. */
  readonly underTimeshare: number
  /** Share of the time in which there were too many, 0 to 1. */
  readonly overTimeshare: number
  /** Changes of the supply per second minus those of the demand; below 0: the supply changed less often. */
  readonly jitter: number
}

/** Both start at second 0 and end at `seconds`, > 0. */
export function elasticityOf(demand: readonly Step[], supply: readonly Step[], seconds: number): Elasticity {
  let under = 0
  let over = 0
  let underSeconds = 0
  let overSeconds = 0
  for (const { missing, length } of intervals(demand, supply, seconds)) {
    under += Math.max(0, missing) * length
    over += Math.max(0, -missing) * length
    if (missing > 0) underSeconds += length
    if (missing < 0) overSeconds += length
  }
  return {
    underAccuracy: under / seconds,
    overAccuracy: over / seconds,
    underTimeshare: underSeconds / seconds,
    overTimeshare: overSeconds / seconds,
    jitter: (changesOf(supply) - changesOf(demand)) / seconds,
  }
}

/** The intervals in which neither changes. */
function* intervals(demand: readonly Step[], supply: readonly Step[], seconds: number) {
  let d = 0
  let s = 0
  for (let at = 0; at < seconds; ) {
    const nextDemand = demand[d + 1]?.at ?? seconds
    const nextSupply = supply[s + 1]?.at ?? seconds
    const next = Math.min(nextDemand, nextSupply, seconds)
    yield { missing: (demand[d]?.replicas ?? 0) - (supply[s]?.replicas ?? 0), length: next - at }
    if (nextDemand === next) d += 1
    if (nextSupply === next) s += 1
    at = next
  }
}

const changesOf = (steps: readonly Step[]) => Math.max(0, steps.length - 1)
