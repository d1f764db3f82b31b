import { z } from 'zod'
import { actors, eventKinds } from '../../../domain/event.ts'
import { Alert, amount, count, Limit, Reason, text, time } from './common.ts'

export const Event = z
  .object({
    id: text('Grows with time: the later of two events has the greater text.'),
    at: time('When it happened, or was noticed'),
    service: text('Name of the service; of a rejected alert, what it names, however wrong.'),
    kind: z
      .enum(eventKinds)
      .describe(
        '`scaled`: the autoscaler changed the replicas. `failed`: it tried to. `dry_run`: it would have. `held`: why they stay became another reason. `rejected`: an alert or a policy was refused. `changed`: somebody else changed them.',
      ),
    dryRun: z.boolean().describe('Whether nothing was changed because of a dry run.'),
    reason: Reason.optional().describe('Absent where somebody else changed the replicas.'),
    from: count('Replicas before. Absent for rejected alerts.').optional(),
    to: count(
      'Replicas after: as they are, would have been, or stay. Absent for rejected alerts.',
    ).optional(),
    needed: amount(
      'What was asked for before any limit, in replicas, rounded up. Absent for corrections.',
    ).optional(),
    limitedBy: Limit.optional(),
    actor: z
      .enum(actors)
      .describe('Who changed replicas: the autoscaler, a person or a program of theirs, or a deploy.'),
    alerts: z.array(Alert).describe('The alerts that stood, the one that decided the first; 20 at the most.'),
    until: time('When the hold can end by time alone. Absent where time alone ends nothing').optional(),
    serviceVersion: count(
      'Version of the service in Swarm that it is about. Absent where it is not known.',
    ).optional(),
    autoscalerVersion: text('Version of the autoscaler that wrote it.'),
    reactionSeconds: amount('From the start of the alert that decided to the applied change.').optional(),
    convergedSeconds: amount('From the applied change until all tasks ran. Absent until then.').optional(),
    times: count('How often it happened in a row. Absent: once.').optional(),
    lastAt: time('When it happened last, where that was more than once').optional(),
    error: z
      .object({ code: text('From a closed list.'), message: text('In words.') })
      .optional()
      .describe('What went wrong, or what is wrong with the alert or the policy.'),
  })
  .describe('One event of the history.')
  .meta({ id: 'Event' })
export type Event = z.infer<typeof Event>

export const EventsAnswer = z
  .object({
    events: z.array(Event).describe('The newest first.'),
    next: text(
      'Ask again with this as `cursor` for the events before these. Absent: there are none, or `after` was asked for.',
    ).optional(),
    newest: text(
      'Ask with this as `after` for what happens from here on. Absent where nothing has happened yet.',
    ).optional(),
  })
  .meta({ id: 'EventsAnswer' })
export type EventsAnswer = z.infer<typeof EventsAnswer>
