import { z } from 'zod'

/**
 * Alertmanager's webhook message, version 4: only what is needed, so that fields of newer versions do no harm.
 * The alerts are read one by one, so that a bad one costs the others nothing.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const WebhookMessage = z.object({
  version: z.literal('4'),
  alerts: z.array(z.unknown()),
})

const texts = z.record(z.string(), z.string())

export const WebhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().min(1).max(64),
})
export type WebhookAlert = z.infer<typeof WebhookAlert>

/** What can be read of an alert however wrong the rest of it is. Never fails: what is not there is empty. */
export const AlertHeadFields = z
  .object({
    labels: z.record(z.string(), z.unknown()).catch({}),
    fingerprint: z.string().max(64).catch(''),
    status: z.enum(['firing', 'resolved']).catch('firing'),
  })
  .catch({ labels: {}, fingerprint: '', status: 'firing' })

/** What can be told of a message, whatever became of it. */
export const MessageHead = z.object({
  alerts: z.array(z.unknown()),
  externalURL: z.string().max(2_000).optional().catch(undefined),
})
