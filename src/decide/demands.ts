import { replicasOf } from '../domain/amount.ts'
import type { Direction } from '../domain/direction.ts'
import type { Policy } from '../domain/policy.ts'
import type { Signal } from '../domain/signal.ts'

/** A signal seen from a service's present size: which way it pulls and how far. */
export interface Pull {
  readonly signal: Signal
  readonly direction: Direction
  /** Replicas asked for before any limit, a whole number >= 0. Beyond the present ones only in `direction` does it pull. */
  readonly needed: number
}

/**
 * Turns a signal into a pull on a service of `replicas`. `to` pulls up where its number lies above the present one.
 * Elsewhere it pulls down, at the present number too: a `to` that is content keeps other downs from going below it.
 *
 * Within the stabilization window a down asks for the largest number heard, and an up for the smallest: each for the
 * least change that it ever stood for.
 */
export function pullOf(signal: Signal, replicas: number, policy: Policy, nowMs: number): Pull {
  const { demand, scale } = signal
  if (demand.kind === 'replicas') {
    const direction = scale === 'to' ? (demand.replicas > replicas ? 'up' : 'down') : scale
    const numbers = numbersSince(signal, demand.replicas, nowMs - policy[direction].stabilizationMs)
    const number = direction === 'up' ? Math.min(...numbers) : Math.max(...numbers)
    return { signal, direction, needed: Math.ceil(number) }
  }
  // A `to` without a number is refused where alerts are read; as an up it could at worst be too careful.
  const direction = scale === 'down' ? 'down' : 'up'
  const step = demand.kind === 'step' ? demand.step : policy[direction].step
  const moved = replicasOf(step, replicas, direction)
  return { signal, direction, needed: direction === 'up' ? replicas + moved : Math.max(0, replicas - moved) }
}

/** The numbers that a signal asked for since `sinceMs`, the one that it asked for at that moment among them. */
function numbersSince({ heard = [] }: Signal, latest: number, sinceMs: number): readonly number[] {
  const inWindow = heard.filter((_, index) => (heard[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) > sinceMs)
  return [latest, ...inWindow.map(({ replicas }) => replicas)]
}
