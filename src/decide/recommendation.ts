import type { ActiveAlert } from '../domain/active-alert.ts'
import { replicasOf, roundUp } from '../domain/amount.ts'
import { defined } from '../domain/defined.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'

/** What one alert asks for, given the present size of its service. */
export interface Recommendation {
  readonly alert: ActiveAlert
  readonly direction: Direction
  /** Replicas asked for before any limit, a whole number >= 0. It asks for a change only if it lies beyond the present size in `direction`. */
  readonly needed: number
  /** What the newest number alone would have come to. The same as `needed` without a window. */
  readonly newest: number
  /** When the oldest number leaves the window, and `needed` may change by that alone, in ms since the epoch. Absent: never. */
  readonly changesMs?: number
}

/**
 * Turns an alert into a recommendation for a service of `replicas`. `to` counts as up if its number is above the present one.
 * Otherwise it counts as down, at the present number too: a `to` that is content keeps other downs from going below it.
 *
 * Within the stabilization window a down asks for the largest number received, and an up for the smallest: each for the
 * smallest change that it has asked for in that time.
 */
export function recommend(
  alert: ActiveAlert,
  replicas: number,
  policy: Policy,
  nowMs: number,
): Recommendation {
  const { demand, scale } = alert
  if (demand.kind === 'replicas') {
    const direction = scale === 'to' ? (roundUp(demand.replicas) > replicas ? 'up' : 'down') : scale
    const { stabilizationMs } = policy[direction]
    const { numbers, leavesMs } = windowOf(alert, nowMs - stabilizationMs)
    const extreme = direction === 'up' ? Math.min : Math.max
    const needed = roundUp(extreme(demand.replicas, ...numbers))
    const changesMs = leavesMs === undefined ? undefined : leavesMs + stabilizationMs
    return { alert, direction, needed, newest: roundUp(demand.replicas), ...defined({ changesMs }) }
  }
  // A `to` without a number is refused where alerts are read; as an up it could at worst be too careful.
  const direction = scale === 'down' ? 'down' : 'up'
  const step = demand.kind === 'step' ? demand.step : policy[direction].step
  const moved = replicasOf(step, replicas, direction)
  const needed = direction === 'up' ? replicas + moved : Math.max(0, replicas - moved)
  return { alert, direction, needed, newest: needed }
}

/** The numbers that a alert asked for since `sinceMs`, the one of that moment among them, and when the oldest gave way. */
function windowOf(
  { received = [] }: ActiveAlert,
  sinceMs: number,
): { numbers: readonly number[]; leavesMs: number | undefined } {
  // From the end: the window is short, and what was received before it can be much.
  const atItsStart = received.findLastIndex(({ atMs }) => atMs <= sinceMs)
  const inWindow = received.slice(Math.max(0, atItsStart))
  return { numbers: inWindow.map(({ replicas }) => replicas), leavesMs: inWindow[1]?.atMs }
}
