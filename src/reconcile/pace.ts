/** How soon to look again at what has been waited for since `sinceMs`: less and less often, between the two bounds. */
export function paceMs(sinceMs: number, { leastMs, mostMs }: { leastMs: number; mostMs: number }): number {
  return Math.min(mostMs, Math.max(leastMs, sinceMs / 4))
}
