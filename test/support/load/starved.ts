import { Patience } from '../testbed/patience.ts'

/** What part of a processor a task has to have had for a measurement to say something of what was measured. */
export const fedShare = 0.75
/** Longest that a fed generator may stand still, in ms. */
export const fedLagMs = 500

/** How the machine was while something was measured. */
export interface Conditions {
  /** See `Patience`: 1 is a processor for each task that wanted one. */
  readonly share: number
  /** The longest that the load generator stood still. */
  readonly lagMs: number
}

/** Looks at the machine until it is asked what it has seen. */
export function watchMachine(): () => number {
  const patience = new Patience(Number.POSITIVE_INFINITY)
  const glance = setInterval(() => patience.isOver(), 250)
  // Whoever never asks is not kept from ending.
  glance.unref()
  return () => {
    clearInterval(glance)
    return patience.share
  }
}

/** Why a measurement under these conditions says nothing where it is bad. Undefined: what is bad then is what was measured. */
export function starvation({ share, lagMs }: Conditions): string | undefined {
  const reasons = [
    ...(share < fedShare ? [`a task had ${Math.round(100 * share)} % of a processor`] : []),
    ...(lagMs > fedLagMs ? [`the load generator stood still for ${Math.round(lagMs)} ms`] : []),
  ]
  return reasons.length === 0 ? undefined : reasons.join(', ')
}

/**
 * Takes a measurement until one is not starved, and gives that. Rejects when `times` of them were, which says nothing of what was
 * to be measured.
 */
export async function measureFed<T>(
  what: string,
  measure: () => Promise<T>,
  starvationOf: (measured: T) => string | undefined,
  times = 3,
): Promise<T> {
  const reasons: string[] = []
  while (reasons.length < times) {
    const measured = await measure()
    const reason = starvationOf(measured)
    if (reason === undefined) return measured
    reasons.push(reason)
    console.log(`${what} was starved, measurement ${reasons.length} of ${times}: ${reason}`)
  }
  throw new Error(
    `the machine was starved each of ${times} times that ${what} was measured: ${reasons.join('; ')}`,
  )
}
