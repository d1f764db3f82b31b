import type { ActiveAlert } from './active-alert.ts'
import type { HoldReason, Limit, RejectReason, ScaleReason } from './reason.ts'

/** What to do with one service now, and why. */
export type Decision =
  | {
      readonly kind: 'scale'
      readonly from: number
      readonly to: number
      readonly reason: ScaleReason
      /** What the alert asked for before any limit, in replicas. Absent for corrections. */
      readonly needed?: number
      /** What limited the number. Absent if nothing did. */
      readonly limitedBy?: Limit
      /** The alert that decided. Absent for corrections. */
      readonly cause?: ActiveAlert
    }
  | {
      readonly kind: 'hold'
      readonly replicas: number
      readonly reason: HoldReason
      readonly needed?: number
      /** The replicas that would have been set, if a change is due and something holds it. */
      readonly wouldBe?: number
      /** When the hold can end by time alone, in ms since the epoch. Absent if time alone ends nothing. */
      readonly untilMs?: number
      readonly cause?: ActiveAlert
    }
  | { readonly kind: 'reject'; readonly reason: RejectReason }
