import { z } from 'zod'
import { directions } from '../../../domain/direction.ts'
import { actors } from '../../../domain/event.ts'
import { rolloutStates, serviceModes } from '../../../domain/service.ts'
import { Alert, amount, count, Limit, Reason, text, time } from './common.ts'
import { Fault, Pause, Policy, Window } from './policy.ts'

const Replicas = z
  .object({
    desired: count('Replicas in the spec. 0 for modes that have no such number.'),
    running: count('Tasks that run. Absent where they could not be counted.').optional(),
    starting: count(
      'Replicas on their way: being placed, pulling, starting, or waiting for their first health check.',
    ).optional(),
    pending: count('Replicas that no node may or can take.').optional(),
    failing: count('Replicas whose tasks end by themselves again and again, or for good.').optional(),
    pendingReason: text("Why they are pending, in Docker's own words. Absent where none is.").optional(),
    failingReason: text(
      "How the last one failed, in Docker's own words. Absent where none is failing.",
    ).optional(),
  })
  .describe('How far the replicas are. All but `desired` are absent where they were not read.')
  .meta({ id: 'Replicas' })

const Bounds = z
  .object({
    min: count('Fewest replicas now.'),
    max: count('Most replicas now.'),
    nextChange: time('When a window opens or closes next, and may move them. Absent: none does').optional(),
  })
  .describe('The bounds in force: those of the policy, moved by the windows that are open.')
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
      .describe(
        '`scale`: replicas change. `hold`: they stay as they are. `reject`: the service may not be scaled.',
      ),
    reason: Reason,
    from: count('Replicas before. Absent where rejected.').optional(),
    to: count('Replicas after, the same as before where held. Absent where rejected.').optional(),
    needed: amount(
      'What was asked for before any limit, in replicas, rounded up. Absent for corrections.',
    ).optional(),
    limitedBy: Limit.optional(),
    wouldBe: count(
      'Replicas that would have been set, where a change is due and something holds it.',
    ).optional(),
    until: time('When the hold can end by time alone. Absent where time alone ends nothing').optional(),
    alert: text('Fingerprint of the alert that decides. Absent where none does.').optional(),
    summary: text('All of it in a sentence.'),
  })
  .describe('What is done with a service, and why.')
  .meta({ id: 'Decision' })
export type Decision = z.infer<typeof Decision>

const ServiceStatus = Decision.extend({
  since: time('Since when every look came to the same kind and reason'),
})
  .describe('How a service stands: what is done with it now, and why.')
  .meta({ id: 'ServiceStatus' })

const NextChange = Decision.extend({
  earliest: z
    .object({ at: time('When'), to: count('Replicas after it.') })
    .optional()
    .describe('The first change that it would make by time alone. Absent: time alone brings none.'),
})
  .describe("What an alert of the policy's own step would come to, were it to begin now and go on.")
  .meta({ id: 'NextChange' })

const LastChange = z
  .object({
    at: time('When'),
    direction: z.enum(directions).describe('Which way the replicas went.'),
    from: count(
      'Replicas before. Absent where the history does not know it, and in the list of services.',
    ).optional(),
    to: count('Replicas after. Absent as `from` is.').optional(),
    reason: Reason.optional().describe('Absent as `from` is, and where somebody else changed them.'),
    actor: z.enum(actors).optional().describe('Who changed them. Absent as `from` is.'),
    event: text('The event of the history that tells of it. Absent as `from` is.').optional(),
  })
  .describe('The last change of the replicas, by whomever.')
  .meta({ id: 'LastChange' })
export type LastChange = z.infer<typeof LastChange>

const Price = z
  .object({
    perReplicaHour: amount('Price of one replica for one hour, from `autoscaler.cost`.'),
    perHour: amount('Price of all replicas in the spec for one hour.'),
    currency: text('Absent where the installation names none.').optional(),
  })
  .describe('What the service costs now.')
  .meta({ id: 'Price' })

export const Service = z
  .object({
    name: text('Its name in Swarm, with that of its stack.'),
    id: text('Its ID in Swarm.'),
    mode: z.enum(serviceModes).describe('Only `replicated` ones can be scaled.'),
    policyState: z
      .enum(['valid', 'invalid', 'not_enabled'])
      .describe(
        '`invalid`: the service is left alone, `faults` tell why. `not_enabled`: it has not opted in.',
      ),
    policy: Policy.optional().describe('Absent where it is not valid.'),
    faults: z.array(Fault).describe('All that is wrong with the labels. Empty where nothing is.'),
    warnings: z.array(Fault).describe('What works, but hardly as meant.'),
    replicas: Replicas,
    rollout: z
      .enum(rolloutStates)
      .optional()
      .describe("Swarm's word for a rollout or rollback. Absent where none was since the last scaling."),
    bounds: Bounds.optional().describe('Absent where the policy is not valid.'),
    windows: z.array(Window).describe('Every window of the policy, open or not.'),
    pause: Pause.optional().describe('Absent: nothing is held, or the pause is over.'),
    dryRun: z.boolean().describe('Whether changes are told and not made.'),
    dryRunBy: z
      .enum(['service', 'all'])
      .optional()
      .describe('By the label of the service, or (`all`) by AUTOSCALER_DRY_RUN. Absent: no dry run.'),
    alerts: z.array(ActiveAlert).describe('The active alerts.'),
    decision: ServiceStatus,
    lastChange: LastChange.optional().describe('Absent: none is known.'),
    cooldownUntil: z
      .object({
        up: time('For an up by a step').optional(),
        down: time('For a down').optional(),
      })
      .describe(
        'When the pause after the last change ends, where one is under way. An up that names replicas waits only where `policy.up.cooldown` is set.',
      ),
    cost: Price.optional().describe('Absent where no price was told.'),
    seenAt: time('When it was looked at last'),
  })
  .describe('How a service stands.')
  .meta({ id: 'Service' })
export type Service = z.infer<typeof Service>

export const ServiceDetail = Service.extend({
  next: z
    .object({ up: NextChange, down: NextChange })
    .describe('What the next alert of each direction would come to, beside those that stand.'),
})
  .describe('How a service stands, and what would come next.')
  .meta({ id: 'ServiceDetail' })
export type ServiceDetail = z.infer<typeof ServiceDetail>

export const ServicesAnswer = z
  .object({ services: z.array(Service).describe('Every service that speaks of the autoscaler, by name.') })
  .meta({ id: 'ServicesAnswer' })
export type ServicesAnswer = z.infer<typeof ServicesAnswer>
