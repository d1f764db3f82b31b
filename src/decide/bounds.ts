import type { Policy } from '../domain/policy.ts'
import { type Schedule, scheduleState } from '../domain/schedule.ts'

/** The bounds that hold at one moment, and the windows that move them. */
export interface Bounds {
  readonly min: number
  readonly max: number
  /** Every window of the policy, open or not. */
  readonly windows: readonly {
    readonly schedule: Schedule
    readonly isOpen: boolean
    readonly nextChangeMs?: number
  }[]
  /** When the first of the windows opens or closes next, in ms since the epoch. Absent: none does. */
  readonly nextChangeMs?: number
}

/**
 * The policy's bounds, moved by the windows that are open: the highest floor, the lowest ceiling, and a floor above the
 * ceiling wins, since too many replicas do less harm than too few.
 */
export function boundsAt(policy: Policy, nowMs: number): Bounds {
  const windows = policy.schedules.map((schedule) => ({ schedule, ...scheduleState(schedule, nowMs) }))
  const open = windows.filter(({ isOpen }) => isOpen).map(({ schedule }) => schedule)
  const floors = open.flatMap(({ min }) => min ?? [])
  const ceilings = open.flatMap(({ max }) => max ?? [])
  const min = Math.max(policy.min, ...floors)
  const max = ceilings.length === 0 ? policy.max : Math.min(...ceilings)
  const changes = windows.flatMap(({ nextChangeMs }) => nextChangeMs ?? [])
  return {
    min,
    max: Math.max(min, max),
    windows,
    ...(changes.length === 0 ? {} : { nextChangeMs: Math.min(...changes) }),
  }
}
