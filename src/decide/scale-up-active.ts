import type { Decision } from '../domain/decision.ts'

/** The answer to an active down: that a scale-up is active if an up has decided, else the decision itself. */
export function decisionForDown(decision: Decision): Decision {
  if (decision.kind === 'reject' || !isByUp(decision)) return decision
  const replicas = decision.kind === 'scale' ? decision.from : decision.replicas
  return { kind: 'hold', reason: 'scale_up_active', replicas }
}

function isByUp(decision: Exclude<Decision, { kind: 'reject' }>): boolean {
  if (decision.cause === undefined) return false
  if (decision.cause.scale !== 'to') return decision.cause.scale === 'up'
  const replicas = decision.kind === 'scale' ? decision.from : decision.replicas
  return decision.needed !== undefined && decision.needed > replicas
}
