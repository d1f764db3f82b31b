import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import { isPaused } from '../domain/pause.ts'
import type { Policy } from '../domain/policy.ts'
import type { RolloutState, Service } from '../domain/service.ts'

const rolloutsUnderWay: readonly RolloutState[] = [
  'updating',
  'paused',
  'rollback_started',
  'rollback_paused',
]

/**
 * Stops a change that is otherwise due, be it a signal's or a correction. A person's pause is told first, and a dry run
 * last, since it tells what would have been done.
 */
export function passGates(due: Decision, { rollout }: Service, policy: Policy, nowMs: number): Decision {
  if (due.kind !== 'scale') return due
  const { from: replicas, to, needed, cause } = due
  const stopped = {
    kind: 'hold',
    replicas,
    ...defined({ needed, cause }),
  } as const
  if (isPaused(policy.pause, to > replicas ? 'up' : 'down', nowMs)) {
    return { ...stopped, reason: 'paused', wouldBe: to, ...defined({ untilMs: policy.pause?.untilMs }) }
  }
  // A change in the middle of a rollout would break its rollback, and would resume one that was paused.
  if (rollout !== undefined && rolloutsUnderWay.includes(rollout)) return { ...stopped, reason: 'rollout' }
  if (policy.isDryRun) return { ...stopped, reason: 'dry_run', wouldBe: to }
  return due
}
