import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  type HoldReason,
  holdReasons,
  type RejectReason,
  rejectReasons,
  type ScaleReason,
  scaleReasons,
} from '../../src/domain/reason.ts'
import { colours } from './colours.ts'
import { own } from './query.ts'

/** A service itself can only be rejected for these reasons: the others are for single alerts. */
const refusals = ['invalid_policy', 'not_replicated'] as const satisfies readonly RejectReason[]
type StatusReason = ScaleReason | HoldReason | (typeof refusals)[number]

/** All reasons of a service's status. The number of a reason in a state timeline is its place here, from 1. */
const reasons: readonly StatusReason[] = [...scaleReasons, ...holdReasons, ...refusals]

/** Reasons that keep a service from the replicas that it needs, and that do not pass by themselves. */
export const blocking = ['at_max', 'tasks_pending', 'rollout'] as const satisfies readonly HoldReason[]

const refused = '#C4162A'

const colourOf: Readonly<Record<StatusReason, string>> = {
  alert: colours.desired,
  below_min: colours.desired,
  above_max: colours.desired,
  redeploy_restored: colours.desired,
  no_alert: colours.quiet,
  at_target: colours.good,
  at_min: colours.quiet,
  stabilizing: colours.waiting,
  cooldown: colours.waiting,
  scale_up_active: colours.waiting,
  tasks_starting: colours.waiting,
  at_max: colours.bad,
  rollout: colours.bad,
  tasks_pending: colours.bad,
  paused: colours.person,
  dry_run: colours.person,
  switched_off: colours.person,
  invalid_policy: refused,
  not_replicated: refused,
}

/** The status of most services most of the time. */
const frequent: readonly StatusReason[] = ['no_alert', 'at_target', 'at_min']

/**
 * The number of each service's current reason. A state timeline shows values and not labels, so the one series of each
 * service has its reason as a value. The frequent ones come last, because `or` compares with everything to its left.
 */
export function statuses(...matchers: readonly string[]): string {
  const ordered = [...reasons.filter((reason) => !frequent.includes(reason)), ...frequent]
  const terms = ordered.map(
    (reason) =>
      `${reasons.indexOf(reason) + 1} * ${own('service_status_info', `reason="${reason}"`, ...matchers)}`,
  )
  return `max by (service) (\n  ${terms.join('\n  or\n  ')}\n)`
}

/** Maps the numbers of `statuses` to the reasons of docs/reasons.md. */
export function statusMappings(): ValueMapping[] {
  const options = reasons.map((reason, index) => [
    String(index + 1),
    { text: reason, color: colourOf[reason], index },
  ])
  return [{ type: MappingType.ValueToText, options: Object.fromEntries(options) }]
}

/** Series named `scale: alert`, `hold: cooldown` and so on, in the same colours. */
export const decisionColours: Readonly<Record<string, string>> = Object.fromEntries([
  ...scaleReasons.map((reason) => [`scale: ${reason}`, colourOf[reason]]),
  ...holdReasons.map((reason) => [`hold: ${reason}`, colourOf[reason]]),
  ...rejectReasons.map((reason) => [`reject: ${reason}`, refused]),
])
