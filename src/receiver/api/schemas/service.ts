import { z } from 'zod'
import { directions } from '../../../domain/direction.ts'
import { actors } from '../../../domain/event.ts'
import { rolloutStates, serviceModes } from '../../../domain/service.ts'
import { Alert, amount, count, Limit, Reason, text, time } from './common.ts'
import { Fault, Pause, Policy, Window } from './policy.ts'

const Replicas = z
  .object({
    desired: count('Replicas in the spec. 0 in other modes than `replicated`.'),
    running: count('Running tasks. Absent if they could not be counted.').optional(),
    starting: count(
      'Starting replicas: being placed, pulling, starting, or waiting for their first health check.',
    ).optional(),
    pending: count('Replicas that fit on no node, or whose task hangs on its way.').optional(),
    failing: count('Replicas whose tasks keep ending, or have ended.').optional(),
    pendingReason: text('Why they are pending, as Docker says it. Absent if none is pending.').optional(),
    failingReason: text('How the last one failed, as Docker says it. Absent if none is failing.').optional(),
  })
  .describe('Replicas by state. All but `desired` are absent if tasks were not read.')
  .meta({ id: 'Replicas' })

const Bounds = z
  .object({
    min: count('Current minimum replicas.'),
    max: count('Current maximum replicas.'),
    nextChange: time('When the next window opens or closes. Absent: none does').optional(),
  })
  .describe('The current bounds: those of the policy, changed by open windows.')
  .meta({ id: 'Bounds' })

const ActiveAlert = z
  .object({ ...Alert.shape, receivedAt: time('When it was received last').optional() })
  .describe('An active alert of the service.')
  .meta({ id: 'ActiveAlert' })
export type ActiveAlert = z.infer<typeof ActiveAlert>

export const Decision = z
  .object({
    kind: z
      .enum(['scale', 'hold', 'reject'])
      .describe('`scale`: replicas change. `hold`: replicas stay. `reject`: the service cannot be scaled.'),
    reason: Reason,
    from: count('Replicas before. Absent if rejected.').optional(),
    to: count('Replicas after; the same as before if held. Absent if rejected.').optional(),
    needed: amount('Needed replicas before any limit, rounded up. Absent for corrections.').optional(),
    limitedBy: Limit.optional(),
    wouldBe: count('Replicas after the change that is held. Absent: no change is held.').optional(),
    until: time(
      'When the hold can end without another alert. Absent: not before another alert or change',
    ).optional(),
    alert: text('Fingerprint of the alert that decides. Absent: none does.').optional(),
    summary: text('The decision in a sentence.'),
  })
  .describe('What the autoscaler decides for a service, and why.')
  .meta({ id: 'Decision' })
export type Decision = z.infer<typeof Decision>

const ServiceStatus = Decision.extend({
  since: time('Since when kind and reason are the same'),
})
  .describe('The current decision for a service, and why.')
  .meta({ id: 'ServiceStatus' })

const NextChange = Decision.extend({
  earliest: z
    .object({ at: time('When'), to: count('Replicas after it.') })
    .optional()
    .describe('The first change that would follow without another alert. Absent: none.'),
})
  .describe("What an alert with the policy's own step would change if it began now and stayed active.")
  .meta({ id: 'NextChange' })

const LastChange = z
  .object({
    at: time('When'),
    direction: z.enum(directions).describe('The direction of the change.'),
    from: count(
      'Replicas before. Absent if the history does not know them, and in the list of services.',
    ).optional(),
    to: count('Replicas after. Absent if `from` is.').optional(),
    reason: Reason.optional().describe('Absent if `from` is, and for external changes.'),
    actor: z.enum(actors).optional().describe('Who changed them. Absent if `from` is.'),
    event: text('ID of its event in the history. Absent if `from` is.').optional(),
  })
  .describe('The last change of the replicas, external ones included.')
  .meta({ id: 'LastChange' })
export type LastChange = z.infer<typeof LastChange>

const Price = z
  .object({
    perReplicaHour: amount('Price of one replica for one hour, from `autoscaler.cost`.'),
    perHour: amount('Price of all replicas in the spec for one hour.'),
    currency: text('Absent if AUTOSCALER_CURRENCY is not set.').optional(),
  })
  .describe('What the service costs now.')
  .meta({ id: 'Price' })

export const Service = z
  .object({
    name: text('Name in Swarm, with the stack name.'),
    id: text('ID in Swarm.'),
    mode: z.enum(serviceModes).describe('Only `replicated` services can be scaled.'),
    policyState: z
      .enum(['valid', 'invalid', 'not_enabled'])
      .describe(
        '`invalid`: the service is not scaled; `faults` say why. `not_enabled`: `autoscaler.enable` is not `true`.',
      ),
    policy: Policy.optional().describe('Absent if it is not valid.'),
    faults: z.array(Fault).describe('All faults of the labels. Empty: none.'),
    warnings: z.array(Fault).describe('Labels that work, but probably not as intended.'),
    replicas: Replicas,
    rollout: z
      .enum(rolloutStates)
      .optional()
      .describe("State of a rollout or rollback in Swarm's terms. Absent: none since the last scaling."),
    bounds: Bounds.optional().describe('Absent if the policy is not valid.'),
    windows: z.array(Window).describe('All windows of the policy, open or closed.'),
    pause: Pause.optional().describe('Absent: not paused, or the pause is over.'),
    dryRun: z.boolean().describe('Whether changes are reported but not made.'),
    dryRunBy: z
      .enum(['service', 'all'])
      .optional()
      .describe(
        'Whether the label of the service (`service`) or AUTOSCALER_DRY_RUN (`all`) sets it. Absent: no dry run.',
      ),
    alerts: z.array(ActiveAlert).describe('The active alerts.'),
    decision: ServiceStatus,
    lastChange: LastChange.optional().describe('Absent: none is known.'),
    cooldownUntil: z
      .object({
        up: time('For a step up').optional(),
        down: time('For any change down').optional(),
      })
      .describe(
        'When the current cooldowns end. An alert up with `replicas` waits only if `policy.up.cooldown` is set.',
      ),
    cost: Price.optional().describe('Absent if no price is set.'),
    seenAt: time('When the service was read last'),
  })
  .describe('The status of a service.')
  .meta({ id: 'Service' })
export type Service = z.infer<typeof Service>

export const ServiceDetail = Service.extend({
  next: z
    .object({ up: NextChange, down: NextChange })
    .describe('What the next alert in each direction would change, besides the active ones.'),
})
  .describe('The status of a service, and its next possible change.')
  .meta({ id: 'ServiceDetail' })
export type ServiceDetail = z.infer<typeof ServiceDetail>

export const ServicesAnswer = z
  .object({ services: z.array(Service).describe('Every service with autoscaler labels, by name.') })
  .meta({ id: 'ServicesAnswer' })
export type ServicesAnswer = z.infer<typeof ServicesAnswer>
