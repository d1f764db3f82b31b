import { z } from 'zod'
import { actors, eventKinds } from '../../../domain/event.ts'
import { Alert, amount, count, Limit, Reason, text, time } from './common.ts'

export const Event = z
  .object({
    id: text('Sorts by time: the later of two events has the greater ID.'),
    at: time('When it happened or was noticed'),
    service: text('Name of the service. For a rejected alert, the name in the alert, even if invalid.'),
    kind: z
      .enum(eventKinds)
      .describe(
        '`scaled`: the autoscaler changed the replicas. `failed`: it tried to. `dry_run`: it would have. `held`: the reason why they stay changed. `rejected`: an alert or a policy was rejected. `changed`: an external change of the replicas.',
      ),
    dryRun: z.boolean().describe('Whether a dry run prevented the change.'),
    reason: Reason.optional().describe('Absent for external changes.'),
    from: count('Replicas before. Absent for rejected alerts.').optional(),
    to: count(
      'Replicas after: as they are, would have been, or stay. Absent for rejected alerts.',
    ).optional(),
    needed: amount('Needed replicas before any limit, rounded up. Absent for corrections.').optional(),
    limitedBy: Limit.optional(),
    actor: z
      .enum(actors)
      .describe(
        'Who changed the replicas: the autoscaler, a person or another program (`person`), or a redeploy.',
      ),
    alerts: z.array(Alert).describe('The active alerts, at most 20; the one that decided comes first.'),
    until: time(
      'When the hold can end without another alert. Absent: not before another alert or change',
    ).optional(),
    serviceVersion: count('Version of the service in Swarm. Absent if unknown.').optional(),
    autoscalerVersion: text('Version of the autoscaler that wrote the event.'),
    reactionSeconds: amount('From the start of the alert that decided to the applied change.').optional(),
    convergedSeconds: amount('From the applied change until all tasks ran. Absent until then.').optional(),
    times: count('How often it happened in a row. Absent: once.').optional(),
    lastAt: time('When it happened last. Absent: it happened once').optional(),
    error: z
      .object({ code: text('An error code from a closed list.'), message: text('The error in a sentence.') })
      .optional()
      .describe('The error of the change, or the fault of the alert or the policy.'),
  })
  .describe('One event of the history.')
  .meta({ id: 'Event' })
export type Event = z.infer<typeof Event>

export const EventsAnswer = z
  .object({
    events: z.array(Event).describe('The newest first.'),
    next: text(
      'Send it as `cursor` to get the events before these. Absent: there are none, or `after` was used.',
    ).optional(),
    newest: text(
      'Send it as `after` to get the events that follow. Absent: there are no events yet.',
    ).optional(),
  })
  .meta({ id: 'EventsAnswer' })
export type EventsAnswer = z.infer<typeof EventsAnswer>
