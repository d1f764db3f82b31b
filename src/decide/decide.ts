import type { Decision } from '../domain/decision.ts'
import type { Policy } from '../domain/policy.ts'
import type { RolloutState, Service } from '../domain/service.ts'
import type { Signal } from '../domain/signal.ts'
import { type Pull, pullOf } from './demands.ts'
import { limit } from './limit.ts'
import { delayOf } from './timing.ts'

/** Everything that a decision goes by. */
export interface Situation {
  /** Absent where Swarm has no service of that name. */
  readonly service: Service | undefined
  /** The signals that stand for this service, in any order. */
  readonly signals: readonly Signal[]
  /** In ms since the epoch. */
  readonly nowMs: number
}

/**
 * What is to be done with one service now. Pure: the same situation always gives the same decision. Never throws.
 *
 * Order: refuse, correct the bounds, weigh the signals (stabilization, cooldown, largest step, bounds), and at last the
 * gates, which stop a change that is otherwise due.
 */
export function decide({ service, signals, nowMs }: Situation): Decision {
  if (service === undefined) return { kind: 'reject', reason: 'unknown_service' }
  if (service.policy.kind === 'not_enabled') return { kind: 'reject', reason: 'not_enabled' }
  if (service.policy.kind === 'invalid') return { kind: 'reject', reason: 'invalid_policy' }
  if (service.mode !== 'replicated') return { kind: 'reject', reason: 'not_replicated' }
  const { policy } = service.policy
  const due = correctBounds(service, policy) ?? weighSignals(service, policy, signals, nowMs)
  return passGates(due, service)
}

/** Replicas outside the bounds need no signal. A service set to 0 though `min` is above was switched off by a person. */
function correctBounds({ desiredReplicas: from }: Service, { min, max }: Policy): Decision | undefined {
  if (from === 0 && min > 0) return { kind: 'hold', replicas: from, reason: 'switched_off' }
  if (from < min) return { kind: 'scale', from, to: min, reason: 'below_min' }
  if (from > max) return { kind: 'scale', from, to: max, reason: 'above_max' }
  return undefined
}

function weighSignals(service: Service, policy: Policy, signals: readonly Signal[], nowMs: number): Decision {
  const pulls = signals.map((signal) => pullOf(signal, service.desiredReplicas, policy))
  const ups = pulls.filter((pull) => pull.direction === 'up')
  if (ups.length > 0) return weighUps(service, policy, ups, nowMs)
  if (pulls.length > 0) return weighDowns(service, policy, pulls, nowMs)
  return { kind: 'hold', replicas: service.desiredReplicas, reason: 'no_signal' }
}

/** The largest up that time lets act wins: a larger one that must still wait does not hold back a smaller one. */
function weighUps(service: Service, policy: Policy, ups: readonly Pull[], nowMs: number): Decision {
  const from = service.desiredReplicas
  const pulling = ups.filter(({ needed }) => needed > from)
  if (pulling.length === 0) return holdFor(largest(ups), from, 'already_there')
  const delays = pulling.map((pull) => ({ pull, delay: delayOf(pull, policy, service.state, nowMs) }))
  const ready = delays.filter(({ delay }) => delay === undefined).map(({ pull }) => pull)
  if (ready.length > 0) return move(service, policy, largest(ready))
  const next = delays.reduce((a, b) => ((b.delay?.untilMs ?? 0) < (a.delay?.untilMs ?? 0) ? b : a))
  return { ...holdFor(next.pull, from, next.delay?.reason ?? 'cooldown'), ...untilOf(next.delay) }
}

/** Among downs the largest wins, and it must have stood: the most careful one speaks for all. */
function weighDowns(service: Service, policy: Policy, downs: readonly Pull[], nowMs: number): Decision {
  const from = service.desiredReplicas
  const careful = largest(downs)
  if (careful.needed >= from) return holdFor(careful, from, 'already_there')
  const delay = delayOf(careful, policy, service.state, nowMs)
  if (delay !== undefined) return { ...holdFor(careful, from, delay.reason), ...untilOf(delay) }
  return move(service, policy, careful)
}

function move(service: Service, policy: Policy, { direction, needed, signal }: Pull): Decision {
  const from = service.desiredReplicas
  const { replicas: to, limitedBy } = limit(needed, from, direction, policy)
  if (to === from)
    return holdFor({ direction, needed, signal }, from, direction === 'up' ? 'at_max' : 'at_min')
  return {
    kind: 'scale',
    from,
    to,
    reason: 'signal',
    needed,
    cause: signal,
    ...(limitedBy === undefined ? {} : { limitedBy }),
  }
}

const rolloutsUnderWay: readonly RolloutState[] = [
  'updating',
  'paused',
  'rollback_started',
  'rollback_paused',
]

/** A change in the middle of a rollout would break its rollback, and would resume one that was paused. */
function passGates(due: Decision, { rollout }: Service): Decision {
  if (due.kind !== 'scale' || rollout === undefined || !rolloutsUnderWay.includes(rollout)) return due
  const { from: replicas, needed, cause } = due
  return {
    kind: 'hold',
    replicas,
    reason: 'rollout',
    ...(needed === undefined ? {} : { needed }),
    ...(cause === undefined ? {} : { cause }),
  }
}

type Hold = Extract<Decision, { kind: 'hold' }>

function holdFor({ needed, signal }: Pull, replicas: number, reason: Hold['reason']): Hold {
  return { kind: 'hold', replicas, reason, needed, cause: signal }
}

function untilOf(delay: { readonly untilMs: number } | undefined): { untilMs?: number } {
  return delay === undefined ? {} : { untilMs: delay.untilMs }
}

/** The pull that asks for most; of equals the one that began last, which is the last to have stood long enough. */
function largest(pulls: readonly Pull[]): Pull {
  return pulls.reduce((a, b) => {
    if (b.needed !== a.needed) return b.needed > a.needed ? b : a
    return b.signal.startsAtMs > a.signal.startsAtMs ? b : a
  })
}
