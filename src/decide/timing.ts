import { cooldownUntilMs } from '../domain/cooldown.ts'
import type { Policy } from '../domain/policy.ts'
import type { ScalingState } from '../domain/service.ts'
import type { Pull } from './recommendation.ts'

/** What keeps a pull from acting for now, and until when. */
export interface Delay {
  readonly reason: 'stabilizing' | 'cooldown'
  /** In ms since the epoch; at this very moment the delay is over. Absent: time alone does not end it, the next post does. */
  readonly untilMs?: number
}

/** The delay that a pull is under now. Stabilization is told before cooldown. Absent: it may act. */
export function delayOf(pull: Pull, policy: Policy, state: ScalingState, nowMs: number): Delay | undefined {
  const { stabilizationMs } = policy[pull.direction]
  const stabilizedMs = standsSinceMs(pull, state) + stabilizationMs
  // Without a window there is nothing to wait for, even where the clock of Prometheus is ahead of this one.
  if (stabilizationMs > 0 && nowMs < stabilizedMs) return { reason: 'stabilizing', untilMs: stabilizedMs }
  if (isOlderThanUp(pull, state)) return { reason: 'stabilizing' }
  const cooledMs = cooldownUntilMs(pull.direction, pull.signal.demand.kind, policy, state)
  if (cooledMs !== undefined && nowMs < cooledMs) return { reason: 'cooldown', untilMs: cooledMs }
  return undefined
}

/** What was measured before an up says nothing about the new size, so an up restarts the window of every down. */
function standsSinceMs({ direction, signal }: Pull, { lastUpMs }: ScalingState): number {
  if (direction === 'up' || lastUpMs === undefined) return signal.startsAtMs
  return Math.max(signal.startsAtMs, lastUpMs)
}

/** The same holds without a window: a down that was received last before the up must be received again. */
function isOlderThanUp({ direction, signal: { receivedAtMs } }: Pull, { lastUpMs }: ScalingState): boolean {
  return (
    direction === 'down' && lastUpMs !== undefined && receivedAtMs !== undefined && receivedAtMs <= lastUpMs
  )
}
