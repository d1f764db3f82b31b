import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import type { Policy } from '../domain/policy.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import type { Bounds } from './bounds.ts'
import { limit } from './limit.ts'
import type { Recommendation } from './recommendation.ts'
import { type Delay, delayOf } from './timing.ts'

/** What recommendations are combined for. */
export interface Scene {
  readonly service: Service
  readonly policy: Policy
  readonly bounds: Bounds
  /** In ms since the epoch. */
  readonly nowMs: number
}

/** The decision that the recommendations for a service result in: downs count only while no up is active. */
export function combine(recommendations: readonly Recommendation[], scene: Scene): Decision {
  const ups = recommendations.filter((recommendation) => recommendation.direction === 'up')
  if (ups.length > 0) return untilWindowMoves(combineUps(ups, scene), recommendations)
  if (recommendations.length > 0)
    return untilWindowMoves(combineDowns(recommendations, scene), recommendations)
  return { kind: 'hold', replicas: scene.service.desiredReplicas, reason: 'no_alert' }
}

/** A hold can end when a number leaves the window of any recommendation: what it asks for may then be another. */
function untilWindowMoves(decision: Decision, recommendations: readonly Recommendation[]): Decision {
  const changes = recommendations.flatMap(({ changesMs }) => changesMs ?? [])
  if (decision.kind !== 'hold' || changes.length === 0) return decision
  return { ...decision, untilMs: Math.min(decision.untilMs ?? Number.POSITIVE_INFINITY, ...changes) }
}

/** The largest up that time lets act wins: a larger one that must still wait does not hold back a smaller one. */
function combineUps(ups: readonly Recommendation[], scene: Scene): Decision {
  const { service, policy, nowMs } = scene
  const asking = ups.filter(({ needed }) => needed > service.desiredReplicas)
  if (asking.length === 0) {
    const isHeldByWindow = ups.some(({ newest }) => newest > service.desiredReplicas)
    return hold(largest(ups), scene, isHeldByWindow ? 'stabilizing' : 'at_target')
  }
  const ready: Recommendation[] = []
  const waiting: { readonly recommendation: Recommendation; readonly delay: Delay }[] = []
  for (const recommendation of asking) {
    const delay = delayOf(recommendation, policy, service.state, nowMs)
    if (delay === undefined) ready.push(recommendation)
    else waiting.push({ recommendation, delay })
  }
  if (ready.length > 0) return move(largest(ready), scene)
  const endOf = ({ delay }: (typeof waiting)[number]) => delay.untilMs ?? Number.POSITIVE_INFINITY
  const first = waiting.reduce((a, b) => (endOf(b) < endOf(a) ? b : a))
  return hold(first.recommendation, scene, first.delay.reason, first.delay.untilMs)
}

/** Among downs the largest wins, and it must be stable: the most careful one counts for all. */
function combineDowns(downs: readonly Recommendation[], scene: Scene): Decision {
  const { service, policy, nowMs } = scene
  const careful = largest(downs)
  if (careful.needed >= service.desiredReplicas) {
    const isHeldByWindow = downs.every(({ newest }) => newest < service.desiredReplicas)
    return hold(careful, scene, isHeldByWindow ? 'stabilizing' : 'at_target')
  }
  const delay = delayOf(careful, policy, service.state, nowMs)
  return delay === undefined ? move(careful, scene) : hold(careful, scene, delay.reason, delay.untilMs)
}

function move(recommendation: Recommendation, scene: Scene): Decision {
  const { direction, needed, alert: cause } = recommendation
  const from = scene.service.desiredReplicas
  const limited = limit(needed, from, direction, scene.policy[direction].maxStep, scene.bounds)
  if (limited.replicas === from) return hold(recommendation, scene, direction === 'up' ? 'at_max' : 'at_min')
  const { replicas: to, ...limitedBy } = limited
  return { kind: 'scale', from, to, reason: 'alert', needed, cause, ...limitedBy }
}

function hold(
  { needed, alert: cause }: Recommendation,
  { service }: Scene,
  reason: HoldReason,
  untilMs?: number,
): Decision {
  return { kind: 'hold', replicas: service.desiredReplicas, reason, needed, cause, ...defined({ untilMs }) }
}

/** The recommendation that asks for most; of equals the one that began last, which is the last to become stable. */
function largest(recommendations: readonly Recommendation[]): Recommendation {
  return recommendations.reduce((a, b) => {
    if (b.needed !== a.needed) return b.needed > a.needed ? b : a
    return b.alert.startsAtMs > a.alert.startsAtMs ? b : a
  })
}
