import { replicasOf } from '../domain/amount.ts'
import { assertNever } from '../domain/assert-never.ts'
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
 */
export function pullOf(signal: Signal, replicas: number, policy: Policy): Pull {
  const { demand, scale } = signal
  if (demand.kind === 'replicas') {
    const needed = Math.ceil(demand.replicas)
    const direction = scale === 'to' ? (needed > replicas ? 'up' : 'down') : scale
    return { signal, direction, needed }
  }
  // A `to` without a number is refused where alerts are read; as an up it could at worst be too careful.
  const direction = scale === 'down' ? 'down' : 'up'
  const step = demand.kind === 'step' ? demand.step : policy[direction].step
  const moved = replicasOf(step, replicas, direction)
  switch (direction) {
    case 'up':
      return { signal, direction, needed: replicas + moved }
    case 'down':
      return { signal, direction, needed: Math.max(0, replicas - moved) }
    default:
      return assertNever(direction)
  }
}
