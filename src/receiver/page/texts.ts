import type { ActiveAlert, Demand } from '../../domain/active-alert.ts'
import type { Amount } from '../../domain/amount.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import type { EventKind } from '../../domain/event.ts'
import type { HoldReason, Limit, RejectReason, ScaleReason } from '../../domain/reason.ts'
import type { Service } from '../../domain/service.ts'
import { type Content, html } from '../../text/html.ts'
import { counted, left, number } from './format.ts'

/** The label of each kind of event. */
export const kindTexts: Readonly<Record<EventKind, string>> = {
  scaled: 'Scaled',
  failed: 'Failed',
  dry_run: 'Dry run',
  held: 'Held',
  rejected: 'Rejected',
  changed: 'Changed',
}

/** A short text for each reason. */
export const reasonTexts: Readonly<Record<ScaleReason | HoldReason | RejectReason, string>> = {
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

export const limitTexts: Readonly<Record<Limit, string>> = {
  max_step: 'limited by the largest step',
  max_replicas: 'limited by the maximum',
  min_replicas: 'limited by the minimum',
}

/** The current decision and its reason in a sentence. */
export function formatDecision(decision: Decision, service: Service, nowMs: number): Content {
  switch (decision.kind) {
    case 'scale':
      return `${decision.from} \u2192 ${decision.to} replicas are due: ${reasonTexts[decision.reason]}.`
    case 'hold':
      return formatHold(decision, nowMs)
    case 'reject':
      return formatReject(decision.reason, service)
    default:
      return assertNever(decision)
  }
}

type Hold = Extract<Decision, { kind: 'hold' }>

/** Why nothing changes: a sentence, or what follows the change that is held. */
const holdTexts: Readonly<Record<HoldReason, string>> = {
  no_alert: 'No alert is active.',
  at_target: 'The alerts ask for the current number.',
  stabilizing: 'waits until the alert has been active for long enough',
  cooldown: 'waits for the cooldown to end',
  at_max: 'The current maximum allows no more.',
  at_min: 'The current minimum allows no fewer.',
  rollout: 'waits for the rollout to end',
  tasks_pending: 'waits: more replicas do not help while tasks cannot run',
  tasks_starting: 'waits for tasks that are still starting',
  paused: 'is paused',
  dry_run: 'is due; a dry run changes nothing',
  switched_off: 'It was set to 0 replicas, and stays off until it is scaled up from outside.',
  scale_up_active: 'Another alert asks for more.',
}

function formatHold({ reason, wouldBe, needed, untilMs, replicas }: Hold, nowMs: number): Content {
  const text = holdTexts[reason]
  const isSentence = text.endsWith('.')
  const change = formatHeldChange(replicas, wouldBe, needed)
  const needs = isSentence && needed !== undefined && formatNeeded(needed, replicas)
  const time = untilMs !== undefined && untilMs > nowMs && html`: ${left(untilMs, nowMs)} left`
  return isSentence ? html`${needs}${text}` : html`${change} ${text}${time}.`
}

/** The change that is held: its result if that is known, otherwise what is needed. */
function formatHeldChange(replicas: number, wouldBe: number | undefined, needed: number | undefined): string {
  if (wouldBe !== undefined) return `${replicas} \u2192 ${wouldBe}`
  return needed === undefined ? 'A change' : `A change to ${number(needed)}`
}

function formatNeeded(needed: number, replicas: number): string | undefined {
  if (needed === replicas) return undefined
  return needed > replicas ? `${number(needed)} are needed. ` : `Only ${number(needed)} are needed. `
}

function formatReject(reason: RejectReason, { mode }: Service): string {
  switch (reason) {
    case 'invalid_policy':
      return 'It is not scaled until its policy is fixed.'
    case 'not_replicated':
      return `A service in ${mode} mode cannot be scaled.`
    case 'not_enabled':
      return 'It is not scaled: autoscaler.enable is not "true".'
    default:
      return `It is not scaled: ${reasonTexts[reason]}.`
  }
}

/** What an alert asks for: `7.5 replicas`, `+2`, `-50 %`, or the policy's own step. */
export function formatDemand({ demand, scale }: Pick<ActiveAlert, 'demand' | 'scale'>): string {
  return demand.kind === 'replicas'
    ? counted(demand.replicas, 'replica')
    : formatStep(demand, scale === 'down')
}

function formatStep(demand: Exclude<Demand, { kind: 'replicas' }>, isDown: boolean): string {
  if (demand.kind === 'policy-step') return "the policy's step"
  return `${isDown ? '\u2212' : '+'}${formatAmount(demand.step)}`
}

/** `2` or `50 %`. */
export function formatAmount({ unit, value }: Amount): string {
  return unit === 'percent' ? `${number(value)} %` : number(value)
}
