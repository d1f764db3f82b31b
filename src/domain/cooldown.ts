import type { Demand } from './active-alert.ts'
import type { Direction } from './direction.ts'
import { defaultUpStepCooldownMs, type Policy } from './policy.ts'
import type { ScalingState } from './service.ts'

/**
 * When the pause after the last applied change ends for such a demand, in ms since the epoch; at that very moment it is
 * over. Absent if no change is known. Up waits only for the last up; down waits for the last change in either direction.
 */
export function cooldownUntilMs(
  direction: Direction,
  demand: Demand['kind'],
  policy: Policy,
  state: ScalingState,
): number | undefined {
  const lastMs = direction === 'up' ? state.lastUpMs : lastChangeMs(state)
  if (lastMs === undefined) return undefined
  // Only ups can be without one: see `DirectionPolicy`.
  return lastMs + (policy[direction].cooldownMs ?? (demand === 'replicas' ? 0 : defaultUpStepCooldownMs))
}

function lastChangeMs({ lastUpMs, lastDownMs }: ScalingState): number | undefined {
  if (lastUpMs === undefined) return lastDownMs
  return lastDownMs === undefined ? lastUpMs : Math.max(lastUpMs, lastDownMs)
}
