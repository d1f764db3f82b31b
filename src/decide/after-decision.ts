import type { Decision } from '../domain/decision.ts'
import type { ScalingState } from '../domain/service.ts'

/**
 * The state of a service after a decision was carried out at `nowMs` (ms since the epoch). The time of a change is part of the
 * change: both are written in one update, or neither. What a redeploy has reset was changed long ago, so its time stays.
 */
export function afterDecision(state: ScalingState, decision: Decision, nowMs: number): ScalingState {
  if (decision.kind !== 'scale') return state
  const { from, to, reason } = decision
  if (reason === 'redeploy_restored') return { ...state, replicas: to }
  return { ...state, replicas: to, ...(to > from ? { lastUpMs: nowMs } : { lastDownMs: nowMs }) }
}
