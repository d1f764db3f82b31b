import { cooldownUntilMs } from '../domain/cooldown.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState } from '../domain/service.ts'
import type { Recommendation } from './recommendation.ts'

/** What keeps a recommendation from acting for now, and until when. */
export interface Delay {
  readonly reason: 'stabilizing' | 'cooldown'
  /** In ms since the epoch; at this very moment the delay is over. Absent: time alone does not end it, the next post does. */
  readonly untilMs?: number
}

/** The delay that a recommendation is under now. Stabilization is reported before cooldown. Absent: it may act. */
export function delayOf(
  recommendation: Recommendation,
  policy: Policy,
  state: ScalingState,
  nowMs: number,
): Delay | undefined {
  const { stabilizationMs } = policy[recommendation.direction]
  const stabilizedMs = activeSinceMs(recommendation, state) + stabilizationMs
  // Without a window there is nothing to wait for, even where the clock of Prometheus is ahead of this one.
  if (stabilizationMs > 0 && nowMs < stabilizedMs) return { reason: 'stabilizing', untilMs: stabilizedMs }
  if (isOlderThanUp(recommendation, state)) return { reason: 'stabilizing' }
  const cooledMs = cooldownUntilMs(recommendation.direction, recommendation.alert.demand.kind, policy, state)
  if (cooledMs !== undefined && nowMs < cooledMs) return { reason: 'cooldown', untilMs: cooledMs }
  return undefined
}

/** What was measured before an up says nothing about the new size, so an up restarts the window of every down. */
function activeSinceMs({ direction, alert }: Recommendation, { lastUpMs }: ScalingState): number {
  if (direction === 'up' || lastUpMs === undefined) return alert.startsAtMs
  return Math.max(alert.startsAtMs, lastUpMs)
}

/** The same holds without a window: a down that was received last before the up must be received again. */
function isOlderThanUp(
  { direction, alert: { receivedAtMs } }: Recommendation,
  { lastUpMs }: ScalingState,
): boolean {
  return (
    direction === 'down' && lastUpMs !== undefined && receivedAtMs !== undefined && receivedAtMs <= lastUpMs
  )
}
