import { parseAmount, parseNumber } from '../domain/amount.ts'
import { type Scale, scales } from '../domain/direction.ts'
import type { Demand } from '../domain/signal.ts'
import type { News } from '../reconcile/reconciler.ts'
import { WebhookAlert } from './payload.ts'

/** An alert as it was understood. `service` and `fingerprint` are empty where the alert names none. */
export type ReadAlert = AlertHead &
  ({ readonly kind: 'news'; readonly news: News } | { readonly kind: 'invalid'; readonly problem: string })

interface AlertHead {
  readonly service: string
  readonly fingerprint: string
  readonly status: 'firing' | 'resolved'
  /** Absent where the alert says none, or none that is known. */
  readonly scale?: Scale
}

/** Reads one alert of a message. Never throws: what cannot be understood is told, never guessed. */
export function readAlert(raw: unknown): ReadAlert {
  const parsed = WebhookAlert.safeParse(raw)
  if (!parsed.success) {
    const problem = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    return { kind: 'invalid', service: '', fingerprint: '', status: 'firing', problem }
  }
  const alert = parsed.data
  const scale = scales.find((known) => known === alert.labels['scale'])
  const head: AlertHead = {
    service: alert.labels['service'] ?? '',
    fingerprint: alert.fingerprint,
    status: alert.status,
    ...(scale === undefined ? {} : { scale }),
  }
  const invalid = (problem: string): ReadAlert => ({ ...head, kind: 'invalid', problem })
  if (head.service === '') return invalid('label service is missing; it must name the Swarm service to scale')
  if (scale === undefined)
    return invalid(`label scale=${quote(alert.labels['scale'])} must be up, down or to`)
  if (alert.status === 'resolved') return { ...head, kind: 'news', news: readResolved(alert, head.service) }
  const demand = readDemand(alert.annotations, scale)
  if (typeof demand === 'string') return invalid(demand)
  return { ...head, kind: 'news', news: readFiring(alert, head.service, scale, demand) }
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

function readFiring(alert: WebhookAlert, service: string, scale: Scale, demand: Demand): News {
  const summary = alert.annotations['summary']
  return {
    kind: 'firing',
    signal: {
      fingerprint: alert.fingerprint,
      service,
      scale,
      demand,
      startsAtMs: Date.parse(alert.startsAt),
      alertName: alert.labels['alertname'] ?? '',
      ...(summary === undefined ? {} : { summary }),
    },
  }
}

function readResolved({ fingerprint, endsAt }: WebhookAlert, service: string): News {
  return { kind: 'resolved', service, fingerprint, endedAtMs: Date.parse(endsAt) }
}

function quote(text: string | undefined): string {
  return text === undefined ? '(missing)' : JSON.stringify(text.slice(0, 100))
}
