import type { ActiveAlert } from './active-alert.ts'
import type { HoldReason, Limit, RejectReason, ScaleReason } from './reason.ts'

/** What is to be done with one service now, and why. */
export type Decision =
  | {
      readonly kind: 'scale'
      readonly from: number
      readonly to: number
      readonly reason: ScaleReason
      /** What the signal asked for before any limit, in replicas. Absent for corrections. */
      readonly needed?: number
      /** What cut the number, where something did. */
      readonly limitedBy?: Limit
      /** The signal that decided. Absent for corrections. */
      readonly cause?: ActiveAlert
    }
  | {
      readonly kind: 'hold'
      readonly replicas: number
      readonly reason: HoldReason
      readonly needed?: number
      /** The replicas that would have been set, where a change was due and something stops it. */
      readonly wouldBe?: number
      /** When the hold can end by time alone, in ms since the epoch. Absent where time alone ends nothing. */
      readonly untilMs?: number
      readonly cause?: ActiveAlert
    }
  | { readonly kind: 'reject'; readonly reason: RejectReason }
