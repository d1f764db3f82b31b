import type { ActiveAlert, Demand } from '../../domain/active-alert.ts'
import type { Amount } from '../../domain/amount.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import type { EventKind } from '../../domain/event.ts'
import type { HoldReason, Limit, RejectReason, ScaleReason } from '../../domain/reason.ts'
import type { Service } from '../../domain/service.ts'
import { type Content, html } from '../../text/html.ts'
import { counted, left, number } from './format.ts'

/** What each kind of event is called. */
export const kindNames: Readonly<Record<EventKind, string>> = {
  scaled: 'Scaled',
  failed: 'Failed',
  dry_run: 'Dry run',
  held: 'Held',
  rejected: 'Rejected',
  changed: 'Changed',
}

/** Each reason of the closed lists in a few words. */
export const reasonNames: Readonly<Record<ScaleReason | HoldReason | RejectReason, string>> = {
  alert: 'asked for by an alert',
  below_min: 'below the minimum',
  above_max: 'above the maximum',
  redeploy_restored: 'restored after a redeploy',
  no_alert: 'no alert is active',
  at_target: 'at target',
  stabilizing: 'the alert has not been active for long enough',
  cooldown: 'cooldown',
  at_max: 'at the maximum',
  at_min: 'at the minimum',
  rollout: 'a rollout is under way',
  tasks_pending: 'tasks cannot run',
  tasks_starting: 'tasks are starting',
  paused: 'paused',
  dry_run: 'dry run',
  switched_off: 'switched off',
  scale_up_active: 'a scale-up is active',
  unknown_service: 'no such service',
  not_enabled: 'not enabled',
  invalid_policy: 'invalid policy',
  not_replicated: 'not replicated',
  invalid_alert: 'invalid alert',
}

export const limitNames: Readonly<Record<Limit, string>> = {
  max_step: 'cut by the largest step',
  max_replicas: 'cut by the maximum',
  min_replicas: 'cut by the minimum',
}

/** What is to be done with the service now and why, in a sentence. */
export function sentenceOf(decision: Decision, service: Service, nowMs: number): Content {
  switch (decision.kind) {
    case 'scale':
      return `${decision.from} \u2192 ${decision.to} replicas are due: ${reasonNames[decision.reason]}.`
    case 'hold':
      return holdSentence(decision, nowMs)
    case 'reject':
      return rejectSentence(decision.reason, service)
    default:
      return assertNever(decision)
  }
}

type Hold = Extract<Decision, { kind: 'hold' }>

/** What each hold says beside the change that it holds. */
const holdNames: Readonly<Record<HoldReason, string>> = {
  no_alert: 'No alert is active.',
  at_target: 'The alerts ask for no other number.',
  stabilizing: 'waits until its alert has been active for long enough',
  cooldown: 'waits for the cooldown to end',
  at_max: 'The maximum in force allows no more.',
  at_min: 'The minimum in force keeps the rest.',
  rollout: 'waits for the rollout to end',
  tasks_pending: 'waits: more replicas do not help while tasks cannot run',
  tasks_starting: 'waits for tasks that are still starting',
  paused: 'is paused',
  dry_run: 'is due; a dry run changes nothing',
  switched_off: 'Somebody scaled it to 0: it stays off until somebody scales it up.',
  scale_up_active: 'Another alert asks for more.',
}

function holdSentence({ reason, wouldBe, needed, untilMs, replicas }: Hold, nowMs: number): Content {
  const words = holdNames[reason]
  const isWhole = words.endsWith('.')
  const change = changeInWords(replicas, wouldBe, needed)
  const needs = isWhole && needed !== undefined && needsSentence(needed, replicas)
  const time = untilMs !== undefined && untilMs > nowMs && html`: ${left(untilMs, nowMs)} left`
  return isWhole ? html`${needs}${words}` : html`${change} ${words}${time}.`
}

/** The change that is held: its end where that is known, else where it would go. */
function changeInWords(replicas: number, wouldBe: number | undefined, needed: number | undefined): string {
  if (wouldBe !== undefined) return `${replicas} \u2192 ${wouldBe}`
  return needed === undefined ? 'A change' : `A change towards ${number(needed)}`
}

function needsSentence(needed: number, replicas: number): string | undefined {
  if (needed === replicas) return undefined
  return needed > replicas ? `${number(needed)} are needed. ` : `${number(needed)} would do. `
}

function rejectSentence(reason: RejectReason, { mode }: Service): string {
  switch (reason) {
    case 'invalid_policy':
      return 'It is left alone until its policy is mended.'
    case 'not_replicated':
      return `A service of mode ${mode} has no number of replicas that could be changed.`
    case 'not_enabled':
      return 'It is left alone: autoscaler.enable does not say "true".'
    default:
      return `It is left alone: ${reasonNames[reason]}.`
  }
}

/** What a signal asks for: `7.5 replicas`, `+2`, `-50 %`, or the policy's own step. */
export function demandOf({ demand, scale }: Pick<ActiveAlert, 'demand' | 'scale'>): string {
  return demand.kind === 'replicas' ? counted(demand.replicas, 'replica') : stepOf(demand, scale === 'down')
}

function stepOf(demand: Exclude<Demand, { kind: 'replicas' }>, isDown: boolean): string {
  if (demand.kind === 'policy-step') return "the policy's step"
  return `${isDown ? '\u2212' : '+'}${amountOf(demand.step)}`
}

/** `2` or `50 %`. */
export function amountOf({ unit, value }: Amount): string {
  return unit === 'percent' ? `${number(value)} %` : number(value)
}
