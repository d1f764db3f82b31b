import { parseAmount, parseNumber } from '../domain/amount.ts'
import { defined } from '../domain/defined.ts'
import { type Scale, scales } from '../domain/direction.ts'
import type { Demand } from '../domain/signal.ts'
import type { News } from '../reconcile/reconciler.ts'
import { AlertHeadFields, WebhookAlert } from './payload.ts'

/** An alert as it was understood. `service` and `fingerprint` are empty where the alert names none. */
export type ReadAlert = AlertHead &
  ({ readonly kind: 'news'; readonly news: News } | { readonly kind: 'invalid'; readonly problem: string })

interface AlertHead {
  readonly service: string
  readonly fingerprint: string
  /** Empty where the alert names none. */
  readonly alertName: string
  readonly status: 'firing' | 'resolved'
  /** Absent where the alert says none, or none that is known. */
  readonly scale?: Scale
}

/** Reads one alert of a message. Never throws: what cannot be understood is told, never guessed. */
export function readAlert(raw: unknown): ReadAlert {
  const head = readHead(raw)
  const invalid = (problem: string): ReadAlert => ({ ...head, kind: 'invalid', problem })
  const parsed = WebhookAlert.safeParse(raw)
  if (!parsed.success) {
    return invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  }
  const alert = parsed.data
  const { scale } = head
  if (head.service === '') return invalid('label service is missing; it must name the Swarm service to scale')
  if (scale === undefined)
    return invalid(`label scale=${quote(alert.labels['scale'])} must be up, down or to`)
  if (alert.status === 'resolved') return { ...head, kind: 'news', news: readResolved(alert) }
  const demand = readDemand(alert.annotations, scale)
  if (typeof demand === 'string') return invalid(demand)
  return { ...head, kind: 'news', news: readFiring(alert, scale, demand) }
}

/** As much of the head as can be read, so that a refusal still tells whose alert it is. */
function readHead(raw: unknown): AlertHead {
  const { labels, fingerprint, status } = AlertHeadFields.parse(raw)
  const scale = scales.find((known) => known === labels['scale'])
  const service = typeof labels['service'] === 'string' ? labels['service'] : ''
  const alertName = typeof labels['alertname'] === 'string' ? labels['alertname'] : ''
  return { service, fingerprint, alertName, status, ...defined({ scale }) }
}

/** What the annotations ask for, or what is wrong with them. Where both are given, the absolute number counts. */
function readDemand({ replicas, step }: WebhookAlert['annotations'], scale: Scale): Demand | string {
  if (replicas !== undefined) {
    const value = parseNumber(replicas)
    if (value === undefined) return `annotation replicas=${quote(replicas)} must be a finite number >= 0`
    return { kind: 'replicas', replicas: value }
  }
  if (scale === 'to') return 'annotation replicas is missing; scale="to" needs the number to go to'
  if (step === undefined) return { kind: 'policy-step' }
  const amount = parseAmount(step)
  if (amount === undefined) return `annotation step=${quote(step)} must be a number >= 0 such as 2, or 50%`
  return { kind: 'step', step: amount }
}

function readFiring(alert: WebhookAlert, scale: Scale, demand: Demand): News {
  return {
    kind: 'firing',
    signal: {
      fingerprint: alert.fingerprint,
      scale,
      demand,
      startsAtMs: Date.parse(alert.startsAt),
      alertName: alert.labels['alertname'] ?? '',
      ...defined({ summary: alert.annotations['summary'] }),
    },
  }
}

function readResolved({ fingerprint, endsAt }: WebhookAlert): News {
  return { kind: 'resolved', fingerprint, endedAtMs: Date.parse(endsAt) }
}

function quote(text: string | undefined): string {
  return text === undefined ? '(missing)' : JSON.stringify(text.slice(0, 100))
}
