import type { Decision } from '../domain/decision.ts'
import { defined } from '../domain/defined.ts'
import { isPaused } from '../domain/pause.ts'
import type { Policy } from '../domain/policy.ts'
import { hasState, isInRollout, type Service } from '../domain/service.ts'

type Due = Extract<Decision, { kind: 'scale' }>

/**
 * Stops a change that is otherwise due, whether an alert or a correction asks for it. A pause is reported first and a dry run
 * last, because a dry run says what would have been done.
 */
export function passGates(due: Decision, service: Service, policy: Policy, nowMs: number): Decision {
  if (due.kind !== 'scale') return due
  const { from: replicas, to: wouldBe, needed, cause } = due
  const stopped = { kind: 'hold', replicas, wouldBe, ...defined({ needed, cause }) } as const
  if (isPaused(policy.pause, wouldBe > replicas ? 'up' : 'down', nowMs)) {
    return { ...stopped, reason: 'paused', ...defined({ untilMs: policy.pause?.untilMs }) }
  }
  const reason = mustAwaitRollout(due, service) ? 'rollout' : reasonOfTasks(due, service)
  if (reason !== undefined) return { ...stopped, reason }
  return policy.isDryRun ? { ...stopped, reason: 'dry_run' } : due
}

/**
 * A change in the middle of a rollout would break its rollback, and would resume one that was paused. What a redeploy has
 * taken away must not wait for the end of its own rollout: it is restarted, so that it can still be rolled back.
 */
function mustAwaitRollout({ reason, from, to }: Due, service: Service): boolean {
  const isRestore = reason === 'redeploy_restored' && to > from
  return isInRollout(service) && !(isRestore && isOwnRollout(service))
}

/** Only the update that has wiped out the labels began the rollout of its redeploy: a later one has a rollout of its own. */
function isOwnRollout({ rollout, previous }: Service): boolean {
  return rollout === 'updating' && previous !== undefined && hasState(previous.state)
}

/**
 * More replicas do not help while those that there are cannot be placed. Nor do more steps while replicas fail: a step would
 * come after each cooldown, without end, whereas a number of replicas that is needed is its own end. Replicas that are
 * starting were asked for a moment ago.
 */
function reasonOfTasks(
  { reason, from, to, cause }: Due,
  { tasks }: Service,
): 'tasks_pending' | 'tasks_starting' | undefined {
  if (tasks === undefined || reason !== 'alert') return undefined
  if (to < from) return tasks.starting > 0 ? 'tasks_starting' : undefined
  const isStep = cause !== undefined && cause.demand.kind !== 'replicas'
  return tasks.pending > 0 || (isStep && tasks.failing > 0) ? 'tasks_pending' : undefined
}
