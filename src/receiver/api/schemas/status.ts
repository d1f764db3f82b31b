import { z } from 'zod'
import { count, text, time } from './common.ts'

const Delivery = z
  .object({
    at: time('When it was answered'),
    status: z.int().describe('The HTTP status of the answer.'),
    alerts: count('How many alerts it had. Absent where it could not be read.').optional(),
    alertmanager: text(
      'The address of the Alertmanager, as the message names it (`externalURL`). Absent where it names none.',
    ).optional(),
  })
  .describe('One `POST /webhook`.')
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>

export const StatusAnswer = z
  .object({
    version: text('Version of the autoscaler.'),
    dryRun: z.boolean().describe('Whether nothing at all is changed (AUTOSCALER_DRY_RUN).'),
    currency: text('Currency of all prices. Absent where the installation names none.').optional(),
    docker: z
      .object({
        ok: z.boolean().describe('Whether Docker answers and is a Swarm manager.'),
        error: text('Why not. Absent where all is well.').optional(),
        checkedAt: time('When it was asked; at most some seconds ago'),
      })
      .describe('How it goes with Docker.'),
    history: z
      .object({
        ok: z.boolean().describe('Whether what happens is written.'),
        error: text('Why not. Absent where all is well.').optional(),
        since: time('Since when not. Absent where all is well').optional(),
        waiting: count('What waits in memory to be written. Absent where all is well.').optional(),
        lost: count('What had to be given up. Absent where all is well.').optional(),
      })
      .describe('How it goes with the history.'),
    webhook: z
      .object({
        last: Delivery.optional().describe(
          'The last one, whatever became of it. Absent: none since the start.',
        ),
        lastOk: Delivery.optional().describe(
          'The last one that was answered with 200. Absent: none since the start.',
        ),
      })
      .describe('What was received from Alertmanager.'),
  })
  .describe('How the autoscaler itself is.')
  .meta({ id: 'StatusAnswer' })
export type StatusAnswer = z.infer<typeof StatusAnswer>
