import { z } from 'zod'
import { mostAlerts, type Texts, textsFault } from './alert-limits.ts'

const noMessage = 'the body must be an Alertmanager message of version "4" with a list of alerts'
const tooMany = `the message has more than ${mostAlerts} alerts; group them by service, or set max_alerts in webhook_configs`

/**
 * Alertmanager's webhook message, version 4. Unknown fields are ignored, so newer versions are accepted.
 * The alerts are read one by one, so that an invalid one does not affect the others.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const WebhookMessage = z.object(
  {
    version: z.literal('4', noMessage),
    alerts: z.array(z.unknown(), noMessage).max(mostAlerts, tooMany),
    /** How many alerts Alertmanager left out because of `max_alerts`. */
    truncatedAlerts: z.number().nonnegative().catch(0),
  },
  noMessage,
)

/** Checked without a copy: there can be many of them. */
const texts = z.custom<Texts>((raw) => textsFault(raw) === undefined, {
  error: ({ input }) => textsFault(input) ?? '',
})

const firstMs = Date.parse('0000-01-01T00:00:00Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** Must be within RFC 3339's years in UTC too: all answers use UTC. */
const instant = z.iso.datetime({ offset: true }).refine((text) => {
  const ms = Date.parse(text)
  return ms >= firstMs && ms <= lastMs
}, 'must be in the years 0000 to 9999')

export const WebhookAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: instant,
  endsAt: instant,
  fingerprint: z.string().min(1).max(64),
})
export type WebhookAlert = z.infer<typeof WebhookAlert>

/** The fields that identify an alert, however invalid the rest is. Never fails: missing fields are empty. */
export const AlertHeadFields = z
  .object({
    labels: z
      .object({
        alertname: z.string().catch(''),
        service: z.string().catch(''),
        scale: z.string().catch(''),
      })
      .catch({ alertname: '', service: '', scale: '' }),
    fingerprint: z.string().max(64).catch(''),
    status: z.enum(['firing', 'resolved']).catch('firing'),
  })
  .catch({ labels: { alertname: '', service: '', scale: '' }, fingerprint: '', status: 'firing' })

/** The fields that the status shows of a message, valid or not. */
export const MessageHead = z.object({
  alerts: z.array(z.unknown()),
  externalURL: z.string().max(2_000).optional().catch(undefined),
})
