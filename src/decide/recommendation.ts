import type { ActiveAlert } from '../domain/active-alert.ts'
import { replicasOf } from '../domain/amount.ts'
import { defined } from '../domain/defined.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'

/** A signal seen from a service's present size: which way it pulls and how far. */
export interface Pull {
  readonly signal: ActiveAlert
  readonly direction: Direction
  /** Replicas asked for before any limit, a whole number >= 0. Beyond the present ones only in `direction` does it pull. */
  readonly needed: number
  /** What the newest number alone would have come to. The same as `needed` without a window. */
  readonly newest: number
  /** When the oldest number leaves the window, and `needed` may change by that alone, in ms since the epoch. Absent: never. */
  readonly changesMs?: number
}

/**
 * Turns a signal into a pull on a service of `replicas`. `to` pulls up where its number lies above the present one.
 * Elsewhere it pulls down, at the present number too: a `to` that is content keeps other downs from going below it.
 *
 * Within the stabilization window a down asks for the largest number received, and an up for the smallest: each for the
 * least change that it ever stood for.
 */
export function pullOf(signal: ActiveAlert, replicas: number, policy: Policy, nowMs: number): Pull {
  const { demand, scale } = signal
  if (demand.kind === 'replicas') {
    const direction = scale === 'to' ? (demand.replicas > replicas ? 'up' : 'down') : scale
    const { stabilizationMs } = policy[direction]
    const { numbers, leavesMs } = windowOf(signal, nowMs - stabilizationMs)
    const extreme = direction === 'up' ? Math.min : Math.max
    const needed = Math.ceil(extreme(demand.replicas, ...numbers))
    const changesMs = leavesMs === undefined ? undefined : leavesMs + stabilizationMs
    return { signal, direction, needed, newest: Math.ceil(demand.replicas), ...defined({ changesMs }) }
  }
  // A `to` without a number is refused where alerts are read; as an up it could at worst be too careful.
  const direction = scale === 'down' ? 'down' : 'up'
  const step = demand.kind === 'step' ? demand.step : policy[direction].step
  const moved = replicasOf(step, replicas, direction)
  const needed = direction === 'up' ? replicas + moved : Math.max(0, replicas - moved)
  return { signal, direction, needed, newest: needed }
}

/** The numbers that a signal asked for since `sinceMs`, the one of that moment among them, and when the oldest gave way. */
function windowOf(
  { received = [] }: ActiveAlert,
  sinceMs: number,
): { numbers: readonly number[]; leavesMs: number | undefined } {
  // From the end: the window is short, and what was received before it can be much.
  const atItsStart = received.findLastIndex(({ atMs }) => atMs <= sinceMs)
  const inWindow = received.slice(Math.max(0, atItsStart))
  return { numbers: inWindow.map(({ replicas }) => replicas), leavesMs: inWindow[1]?.atMs }
}
