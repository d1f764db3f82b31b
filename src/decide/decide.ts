import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { Policy } from '../domain/policy.ts'
import type { Service } from '../domain/service.ts'
import { type Bounds, boundsAt } from './bounds.ts'
import { combine } from './combine.ts'
import { passGates } from './gates.ts'
import { recommend } from './recommendation.ts'

/** Everything that a decision goes by. */
export interface Situation {
  /** Absent if Swarm has no service of that name. */
  readonly service: Service | undefined
  /** The active alerts of this service, in any order. */
  readonly alerts: readonly ActiveAlert[]
  /** In ms since the epoch. */
  readonly nowMs: number
  /** Whether the whole autoscaler changes nothing, whatever a policy says. Default false. */
  readonly isDryRun?: boolean
}

/**
 * What to do with one service now. Pure: the same situation always gives the same decision. Never throws.
 *
 * Order: refuse, correct what a redeploy has reset and the bounds, combine the alerts (stabilization, cooldown, largest step, bounds), and at last the
 * gates, which stop a change that is otherwise due.
 */
export function decide({ service, alerts, nowMs, isDryRun = false }: Situation): Decision {
  if (service === undefined) return { kind: 'reject', reason: 'unknown_service' }
  if (service.policy.kind === 'not_enabled') return { kind: 'reject', reason: 'not_enabled' }
  if (service.policy.kind === 'invalid') return { kind: 'reject', reason: 'invalid_policy' }
  if (service.mode !== 'replicated') return { kind: 'reject', reason: 'not_replicated' }
  const { policy } = service.policy
  const bounds = boundsAt(policy, nowMs)
  const pass = (due: Decision) =>
    passGates(due, service, { ...policy, isDryRun: isDryRun || policy.isDryRun }, nowMs)
  const correction = correct(service, policy, bounds)
  const corrected = correction && pass(correction)
  if (corrected !== undefined && !isPaused(corrected)) return untilWindow(corrected, bounds)
  const recommendations = alerts.map((alert) => recommend(alert, service.desiredReplicas, policy, nowMs))
  const combined = pass(combine(recommendations, { service, policy, bounds, nowMs }))
  // A pause holds its own direction alone: a correction that it holds must not hold the alerts of the other one.
  return untilWindow(corrected === undefined || combined.kind === 'scale' ? combined : corrected, bounds)
}

function isPaused(decision: Decision): boolean {
  return decision.kind === 'hold' && decision.reason === 'paused'
}

/**
 * What needs no alert: replicas that a redeploy has reset, and replicas outside the bounds. A service at 0 whose policy never
 * goes there was switched off by somebody; one whose own minimum is 0 may be there by itself, and an opening window's floor
 * raises it.
 */
function correct(service: Service, policy: Policy, { min, max }: Bounds): Decision | undefined {
  const from = service.desiredReplicas
  if (from === 0 && policy.min > 0) return { kind: 'hold', replicas: from, reason: 'switched_off' }
  const restored = restoredReplicas(service, policy)
  if (restored !== undefined) {
    const to = Math.min(max, Math.max(min, restored))
    if (to !== from) return { kind: 'scale', from, to, reason: 'redeploy_restored' }
  }
  if (from < min) return { kind: 'scale', from, to: min, reason: 'below_min' }
  if (from > max) return { kind: 'scale', from, to: max, reason: 'above_max' }
  return undefined
}

/** A service that was switched off before a redeploy was switched on by it. */
function restoredReplicas({ redeploy }: Service, policy: Policy): number | undefined {
  return redeploy === undefined || (redeploy.from === 0 && policy.min > 0) ? undefined : redeploy.from
}

/** Any hold can end when a window opens or closes. */
function untilWindow(decision: Decision, { nextChangeMs }: Bounds): Decision {
  if (decision.kind !== 'hold' || nextChangeMs === undefined) return decision
  return { ...decision, untilMs: Math.min(decision.untilMs ?? nextChangeMs, nextChangeMs) }
}
