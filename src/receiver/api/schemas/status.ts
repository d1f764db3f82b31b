import { z } from 'zod'
import { count, text, time } from './common.ts'

const Delivery = z
  .object({
    at: time('When it was answered'),
    status: z.int().describe('The HTTP status of the answer.'),
    alerts: count('Number of alerts. Absent if the message could not be read.').optional(),
    alertmanager: text(
      'URL of the Alertmanager (`externalURL` of the message). Absent if the message has none.',
    ).optional(),
  })
  .describe('One `POST /webhook`.')
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>

export const StatusAnswer = z
  .object({
    version: text('Version of the autoscaler.'),
    dryRun: z.boolean().describe('Whether no service is changed (AUTOSCALER_DRY_RUN).'),
    currency: text('Currency of all prices. Absent if AUTOSCALER_CURRENCY is not set.').optional(),
    docker: z
      .object({
        ok: z.boolean().describe('Whether Docker answers and the node is a Swarm manager.'),
        error: text('The error. Absent if `ok`.').optional(),
        checkedAt: time('When it was checked, at most a few seconds ago'),
      })
      .describe('Docker.'),
    history: z
      .object({
        ok: z.boolean().describe('Whether the history can be written.'),
        error: text('The error. Absent if `ok`.').optional(),
        since: time('When it began. Absent if `ok`').optional(),
        waiting: count('Entries that wait in memory. Absent if `ok`.').optional(),
        lost: count('Entries that were dropped. Absent if `ok`.').optional(),
      })
      .describe('The history.'),
    webhook: z
      .object({
        last: Delivery.optional().describe(
          'The last webhook, whatever its answer. Absent: none since the start.',
        ),
        lastOk: Delivery.optional().describe(
          'The last webhook that was answered with 200. Absent: none since the start.',
        ),
      })
      .describe('Webhooks from Alertmanager.'),
  })
  .describe('The status of the autoscaler itself.')
  .meta({ id: 'StatusAnswer' })
export type StatusAnswer = z.infer<typeof StatusAnswer>
