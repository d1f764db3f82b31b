import type { NextChange } from '../../decide/next-change.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import type { Direction } from '../../domain/direction.ts'
import type { HoldReason, RejectReason, ScaleReason } from '../../domain/reason.ts'

type Scaling = Extract<Decision, { kind: 'scale' }>
type Hold = Extract<Decision, { kind: 'hold' }>

/** Each reason as the second half of a sentence. */
const reasonTexts = {
  alert: 'an alert asks for it',
  below_min: 'there are fewer replicas than the current minimum',
  above_max: 'there are more replicas than the current maximum',
  redeploy_restored: 'a redeploy reset the replicas',
  no_alert: 'no alert is active',
  at_target: 'the alerts ask for the current number of replicas',
  stabilizing: 'the alert has not been active for long enough',
  cooldown: 'the last change was too recent',
  at_max: 'the current maximum allows no more',
  at_min: 'the current minimum allows no fewer',
  rollout: 'a rollout is under way or paused',
  tasks_pending: 'tasks cannot be placed or keep failing',
  tasks_starting: 'tasks are still starting',
  paused: 'changes in this direction are paused',
  dry_run: 'a dry run changes nothing',
  switched_off: 'the service was set to 0 replicas',
  scale_up_active: 'another alert asks for more, or for no fewer',
  unknown_service: 'there is no such service',
  not_enabled: 'the service is not enabled',
  invalid_policy: 'a label of the service is invalid',
  not_replicated: 'the service is not in replicated mode',
  invalid_alert: 'the alert is invalid',
} as const satisfies Record<ScaleReason | HoldReason | RejectReason, string>

/** Holds that end at a known time. Any other may end when a window opens or closes, or when an alert is forgotten. */
const timed: ReadonlySet<HoldReason> = new Set(['stabilizing', 'cooldown', 'paused'])

/** The status of a service in a sentence. */
export function formatStatus(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return `${change(decision)} is due (${whyOf(decision)}).`
    case 'hold':
      return `${formatHold(decision)}.`
    case 'reject':
      return `Not scaled (${whyOf(decision)}).`
    default:
      return assertNever(decision)
  }
}

/** What an alert in one direction would change, in a sentence. */
export function formatNextChange(direction: Direction, { decision, earliest }: NextChange): string {
  const alert = `An alert to scale ${direction} now would`
  switch (decision.kind) {
    case 'scale':
      return isOfAlert(decision, direction)
        ? `${alert} change ${change(decision)} at once.`
        : `${alert} not decide: ${change(decision)} is due (${whyOf(decision)}).`
    case 'hold':
      return earliest === undefined
        ? `${alert} be held (${whyOf(decision)})${insteadOf(decision)}; no change is planned.`
        : `${alert} be held${untilOf(decision)} (${whyOf(decision)}); ${thenOf(decision, earliest)}.`
    case 'reject':
      return `${alert} be rejected (${whyOf(decision)}).`
    default:
      return assertNever(decision)
  }
}

function formatHold(hold: Hold): string {
  const stays = `${hold.wouldBe === undefined ? 'Stays' : 'Held'} at ${formatReplicas(hold.replicas)}`
  const why = `(${whyOf(hold)})${insteadOf(hold)}`
  if (timed.has(hold.reason)) return `${stays}${untilOf(hold)} ${why}`
  const before = hold.untilMs === undefined ? '' : ` before ${secondOf(hold.untilMs)}`
  return `${stays} ${why}; no change is planned${before}`
}

function whyOf({ reason }: Decision): string {
  return `${reason}: ${reasonTexts[reason]}`
}

function isOfAlert({ reason, from, to }: Scaling, direction: Direction): boolean {
  return reason === 'alert' && (direction === 'up' ? to > from : to < from)
}

function change({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${from} -> ${to}`
}

function formatReplicas(replicas: number): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`
}

function insteadOf({ wouldBe }: { readonly wouldBe?: number }): string {
  return wouldBe === undefined ? '' : `, ${wouldBe} would be due`
}

function untilOf({ untilMs }: { readonly untilMs?: number }): string {
  return untilMs === undefined ? '' : ` until ${secondOf(untilMs)}`
}

/** The change follows when this hold ends, or when the holds after it have ended too. */
function thenOf({ replicas, untilMs }: Hold, { atMs, to }: NonNullable<NextChange['earliest']>): string {
  const whole = change({ from: replicas, to })
  return atMs === untilMs ? `then ${whole}` : `other holds follow, then ${whole} at ${secondOf(atMs)}`
}

/** A time, rounded up to whole seconds. */
function secondOf(ms: number): string {
  return new Date(Math.ceil(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z')
}
