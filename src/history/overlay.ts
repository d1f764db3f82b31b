import type { EventQuery, HistoryEvent } from '../domain/event.ts'
import type { ReplicaCount, Watch } from '../domain/replica-count.ts'
import { startOf } from './event-ids.ts'
import type { CountQuery, Entry } from './store.ts'

/** The store's answer to the query, with the entries that it does not have yet. */
export function overlaidEvents(
  stored: readonly HistoryEvent[],
  waiting: readonly Entry[],
  query: EventQuery,
): readonly HistoryEvent[] {
  const byId = new Map(stored.map((event) => [event.id, event]))
  for (const entry of waiting) {
    if (entry.kind === 'event' && !byId.has(entry.event.id) && matches(entry.event, query))
      byId.set(entry.event.id, entry.event)
    if (entry.kind !== 'converged' && entry.kind !== 'repeated') continue
    const event = byId.get(entry.id)
    const { kind: _, ...more } = entry
    if (event !== undefined) byId.set(entry.id, { ...event, ...more })
  }
  const sorted = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
  return query.afterId === undefined ? sorted.slice(0, query.limit) : sorted.slice(-query.limit)
}

function matches(event: HistoryEvent, { service, kinds, ...query }: EventQuery): boolean {
  const { sinceMs, untilMs, beforeId, afterId } = query
  return (
    (service === undefined || event.service === service) &&
    (kinds === undefined || kinds.includes(event.kind)) &&
    (sinceMs === undefined || event.id >= startOf(sinceMs)) &&
    (untilMs === undefined || event.id < startOf(untilMs)) &&
    (beforeId === undefined || event.id < beforeId) &&
    (afterId === undefined || event.id > afterId)
  )
}

/** The same for the names of the services that have a count before `untilMs`. */
export function overlaidServices(
  stored: readonly string[],
  waiting: readonly Entry[],
  { untilMs }: { readonly untilMs: number },
): readonly string[] {
  const fresh = waiting.flatMap((entry) =>
    entry.kind === 'count' && entry.count.atMs < untilMs ? [entry.count.service] : [],
  )
  return [...new Set([...stored, ...fresh])].sort()
}

/** The same for counts: for each service those in the time, and the last one before it. */
export function overlaidCounts(
  stored: readonly ReplicaCount[],
  waiting: readonly Entry[],
  { service, sinceMs, untilMs }: CountQuery,
): readonly ReplicaCount[] {
  const fresh = waiting
    .flatMap((entry) => (entry.kind === 'count' ? [entry.count] : []))
    .filter((count) => (service === undefined || count.service === service) && count.atMs < untilMs)
  // There may be millions of counts and hardly any waiting: avoid copies.
  if (fresh.length === 0) return stored
  const byService = Map.groupBy(stored, (count) => count.service)
  for (const [name, counts] of Map.groupBy(fresh, (count) => count.service)) {
    byService.set(name, mergedCounts([...(byService.get(name) ?? []), ...counts], sinceMs))
  }
  const names = [...byService.keys()].sort((a, b) => (a < b ? -1 : 1))
  return names.flatMap((name) => byService.get(name) ?? [])
}

/** The counts of one service by time: the later one of the same time, and only the last one before `sinceMs`. */
function mergedCounts(all: readonly ReplicaCount[], sinceMs: number): ReplicaCount[] {
  const byTime = new Map(all.map((count) => [count.atMs, count]))
  const sorted = [...byTime.values()].sort((a, b) => a.atMs - b.atMs)
  return sorted.filter(
    ({ atMs }, index) => atMs >= sinceMs || (sorted[index + 1]?.atMs ?? Infinity) > sinceMs,
  )
}

/** The same for watches that overlap the time. */
export function overlaidWatches(
  stored: readonly Watch[],
  waiting: readonly Entry[],
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): readonly Watch[] {
  const byKey = new Map(stored.map((watch) => [`${watch.receiver} ${watch.fromMs}`, watch]))
  for (const entry of waiting) {
    if (entry.kind !== 'watch' || entry.watch.untilMs <= sinceMs || entry.watch.fromMs >= untilMs) continue
    const key = `${entry.watch.receiver} ${entry.watch.fromMs}`
    // It may have been written, and extended, in the meantime.
    if ((byKey.get(key)?.untilMs ?? 0) < entry.watch.untilMs) byKey.set(key, entry.watch)
  }
  return [...byKey.values()].sort((a, b) => a.fromMs - b.fromMs || (a.receiver < b.receiver ? -1 : 1))
}
