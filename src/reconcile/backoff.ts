/** How soon to look again at what has been waited for since `sinceMs`: less and less often, between the two bounds. */
export function backoffMs(sinceMs: number, { leastMs, mostMs }: { leastMs: number; mostMs: number }): number {
  return Math.min(mostMs, Math.max(leastMs, sinceMs / 4))
}

/** Looks that lie so many intervals apart leave a gap between them: the process stood still. */
const mostIntervals = 3

/** How long after a look it is still known what happens, in ms, where every service is looked at once an interval. */
export function patienceMs(resyncIntervalMs: number): number {
  return mostIntervals * resyncIntervalMs
}
