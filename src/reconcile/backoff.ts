/** How soon to check again what has been waited for since `sinceMs`: less and less often, between the two bounds. */
export function backoffMs(sinceMs: number, { leastMs, mostMs }: { leastMs: number; mostMs: number }): number {
  return Math.min(mostMs, Math.max(leastMs, sinceMs / 4))
}

/** Readings that are this many intervals apart leave a gap between them: the process stood still. */
const mostIntervals = 3

/** How long after a reading it is still known what happens, in ms, if every service is read once an interval. */
export function patienceMs(resyncIntervalMs: number): number {
  return mostIntervals * resyncIntervalMs
}
