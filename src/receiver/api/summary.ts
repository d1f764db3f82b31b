import type { NextChange } from '../../decide/next-change.ts'
import { assertNever } from '../../domain/assert-never.ts'
import type { Decision } from '../../domain/decision.ts'
import type { Direction } from '../../domain/direction.ts'
import type { HoldReason, RejectReason, ScaleReason } from '../../domain/reason.ts'

type Scaling = Extract<Decision, { kind: 'scale' }>
type Hold = Extract<Decision, { kind: 'hold' }>

/** Each reason as the second half of a sentence. */
const words = {
  alert: 'an alert asks for it',
  below_min: 'there are fewer replicas than the minimum in force',
  above_max: 'there are more replicas than the maximum in force',
  redeploy_restored: 'a deploy has reset the replicas',
  no_alert: 'no alert is active',
  at_target: 'the alerts ask for what there is already',
  stabilizing: 'what is asked for has not stood for long enough',
  cooldown: 'the last change was too recent',
  at_max: 'the maximum in force allows no more',
  at_min: 'the minimum in force allows no fewer',
  rollout: 'a rollout is under way or paused',
  tasks_pending: 'tasks cannot be placed, or fail again and again',
  tasks_starting: 'tasks are still starting',
  paused: 'changes of this direction are paused',
  dry_run: 'a dry run changes nothing',
  switched_off: 'somebody has set the service to 0',
  scale_up_active: 'another alert asks for more, or for no fewer',
  unknown_service: 'there is no such service',
  not_enabled: 'the service has not opted in',
  invalid_policy: 'a label of the service is wrong',
  not_replicated: 'the service has no number of replicas to change',
  invalid_alert: 'the alert cannot be understood',
} as const satisfies Record<ScaleReason | HoldReason | RejectReason, string>

/** Holds that end at a time of their own. Any other can end when a window opens or closes, or a number is forgotten. */
const timed: ReadonlySet<HoldReason> = new Set(['stabilizing', 'cooldown', 'paused'])

/** How a service stands, in a sentence. */
export function standingInWords(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return `${change(decision)} is due (${whyOf(decision)}).`
    case 'hold':
      return `${holdInWords(decision)}.`
    case 'reject':
      return `Is left alone (${whyOf(decision)}).`
    default:
      return assertNever(decision)
  }
}

/** What the next alert of a direction would come to, in a sentence. */
export function prospectInWords(direction: Direction, { decision, earliest }: NextChange): string {
  const alert = `An alert to scale ${direction} now would`
  switch (decision.kind) {
    case 'scale':
      return isOfAlert(decision, direction)
        ? `${alert} make ${change(decision)} at once.`
        : `${alert} find ${change(decision)} due (${whyOf(decision)}).`
    case 'hold':
      return earliest === undefined
        ? `${alert} be held (${whyOf(decision)})${insteadOf(decision)}; time alone changes nothing.`
        : `${alert} be held${untilOf(decision)} (${whyOf(decision)}); ${thenOf(decision, earliest)}.`
    case 'reject':
      return `${alert} be refused (${whyOf(decision)}).`
    default:
      return assertNever(decision)
  }
}

function holdInWords(hold: Hold): string {
  const stays = `${hold.wouldBe === undefined ? 'Stays' : 'Is held'} at ${inReplicas(hold.replicas)}`
  const why = `(${whyOf(hold)})${insteadOf(hold)}`
  if (timed.has(hold.reason)) return `${stays}${untilOf(hold)} ${why}`
  const before = hold.untilMs === undefined ? '' : ` before ${secondOf(hold.untilMs)}`
  return `${stays} ${why}; time alone changes nothing${before}`
}

function whyOf({ reason }: Decision): string {
  return `${reason}: ${words[reason]}`
}

function isOfAlert({ reason, from, to }: Scaling, direction: Direction): boolean {
  return reason === 'alert' && (direction === 'up' ? to > from : to < from)
}

function change({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${from} -> ${to}`
}

function inReplicas(replicas: number): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`
}

function insteadOf({ wouldBe }: { readonly wouldBe?: number }): string {
  return wouldBe === undefined ? '' : `, where ${wouldBe} would be due`
}

function untilOf({ untilMs }: { readonly untilMs?: number }): string {
  return untilMs === undefined ? '' : ` until ${secondOf(untilMs)}`
}

/** The change comes when the hold ends, or when what holds next has ended as well. */
function thenOf({ replicas, untilMs }: Hold, { atMs, to }: NonNullable<NextChange['earliest']>): string {
  const whole = change({ from: replicas, to })
  return atMs === untilMs ? `then ${whole}` : `other holds follow, and then ${whole} at ${secondOf(atMs)}`
}

/** The first whole second at which a moment has come. */
function secondOf(ms: number): string {
  return new Date(Math.ceil(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z')
}
