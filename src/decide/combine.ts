import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import type { Policy } from '../domain/policy.ts'
import type { HoldReason } from '../domain/reason.ts'
import type { Service } from '../domain/service.ts'
import type { Bounds } from './bounds.ts'
import { limit } from './limit.ts'
import type { Pull } from './recommendation.ts'
import { type Delay, delayOf } from './timing.ts'

/** What pulls are weighed against. */
export interface Scene {
  readonly service: Service
  readonly policy: Policy
  readonly bounds: Bounds
  /** In ms since the epoch. */
  readonly nowMs: number
}

/** What the pulls on a service come to: downs count only while no up stands. */
export function weighPulls(pulls: readonly Pull[], scene: Scene): Decision {
  const ups = pulls.filter((pull) => pull.direction === 'up')
  if (ups.length > 0) return untilWindowMoves(weighUps(ups, scene), pulls)
  if (pulls.length > 0) return untilWindowMoves(weighDowns(pulls, scene), pulls)
  return { kind: 'hold', replicas: scene.service.desiredReplicas, reason: 'no_alert' }
}

/** A hold can end when a number leaves the window of any pull: what it asks for may then be another. */
function untilWindowMoves(decision: Decision, pulls: readonly Pull[]): Decision {
  const changes = pulls.flatMap(({ changesMs }) => changesMs ?? [])
  if (decision.kind !== 'hold' || changes.length === 0) return decision
  return { ...decision, untilMs: Math.min(decision.untilMs ?? Number.POSITIVE_INFINITY, ...changes) }
}

/** The largest up that time lets act wins: a larger one that must still wait does not hold back a smaller one. */
function weighUps(ups: readonly Pull[], scene: Scene): Decision {
  const { service, policy, nowMs } = scene
  const pulling = ups.filter(({ needed }) => needed > service.desiredReplicas)
  if (pulling.length === 0) {
    const isHeldByWindow = ups.some(({ newest }) => newest > service.desiredReplicas)
    return hold(largest(ups), scene, isHeldByWindow ? 'stabilizing' : 'at_target')
  }
  const ready: Pull[] = []
  const waiting: { readonly pull: Pull; readonly delay: Delay }[] = []
  for (const pull of pulling) {
    const delay = delayOf(pull, policy, service.state, nowMs)
    if (delay === undefined) ready.push(pull)
    else waiting.push({ pull, delay })
  }
  if (ready.length > 0) return move(largest(ready), scene)
  const endOf = ({ delay }: (typeof waiting)[number]) => delay.untilMs ?? Number.POSITIVE_INFINITY
  const first = waiting.reduce((a, b) => (endOf(b) < endOf(a) ? b : a))
  return hold(first.pull, scene, first.delay.reason, first.delay.untilMs)
}

/** Among downs the largest wins, and it must have stood: the most careful one speaks for all. */
function weighDowns(downs: readonly Pull[], scene: Scene): Decision {
  const { service, policy, nowMs } = scene
  const careful = largest(downs)
  if (careful.needed >= service.desiredReplicas) {
    const isHeldByWindow = downs.every(({ newest }) => newest < service.desiredReplicas)
    return hold(careful, scene, isHeldByWindow ? 'stabilizing' : 'at_target')
  }
  const delay = delayOf(careful, policy, service.state, nowMs)
  return delay === undefined ? move(careful, scene) : hold(careful, scene, delay.reason, delay.untilMs)
}

function move(pull: Pull, scene: Scene): Decision {
  const { direction, needed, signal: cause } = pull
  const from = scene.service.desiredReplicas
  const limited = limit(needed, from, direction, scene.policy[direction].maxStep, scene.bounds)
  if (limited.replicas === from) return hold(pull, scene, direction === 'up' ? 'at_max' : 'at_min')
  const { replicas: to, ...limitedBy } = limited
  return { kind: 'scale', from, to, reason: 'alert', needed, cause, ...limitedBy }
}

function hold(
  { needed, signal: cause }: Pull,
  { service }: Scene,
  reason: HoldReason,
  untilMs?: number,
): Decision {
  return { kind: 'hold', replicas: service.desiredReplicas, reason, needed, cause, ...defined({ untilMs }) }
}

/** The pull that asks for most; of equals the one that began last, which is the last to have stood long enough. */
function largest(pulls: readonly Pull[]): Pull {
  return pulls.reduce((a, b) => {
    if (b.needed !== a.needed) return b.needed > a.needed ? b : a
    return b.signal.startsAtMs > a.signal.startsAtMs ? b : a
  })
}
