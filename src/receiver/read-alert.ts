import type { Demand } from '../domain/active-alert.ts'
import { parseAmount, parseNumber } from '../domain/amount.ts'
import { defined } from '../domain/defined.ts'
import { type Scale, scales } from '../domain/direction.ts'
import type { AlertUpdate } from '../reconcile/active-alerts.ts'
import { cut } from '../text/cut.ts'
import { longestAlertName, longestProblem, longestService, longestSummary } from './alert-limits.ts'
import { AlertHeadFields, WebhookAlert } from './payload.ts'

/** A parsed alert. `service` and `fingerprint` are empty if the alert has none. */
export type ReadAlert = AlertHead &
  (
    | { readonly kind: 'valid'; readonly update: AlertUpdate }
    | { readonly kind: 'invalid'; readonly problem: string }
  )

interface AlertHead {
  readonly service: string
  readonly fingerprint: string
  /** Empty if the alert has none. */
  readonly alertName: string
  readonly status: 'firing' | 'resolved'
  /** Absent if the label is missing or unknown. */
  readonly scale?: Scale
}

interface HeadFields {
  readonly labels: Readonly<Record<string, string>>
  readonly fingerprint: string
  readonly status: 'firing' | 'resolved'
}

/** Reads one alert of a message. Never throws: an invalid value makes the alert invalid, and is never guessed. */
export function readAlert(raw: unknown): ReadAlert {
  const parsed = WebhookAlert.safeParse(raw)
  // A valid alert is not read twice: a message can have many alerts.
  const head = parsed.success ? headOf(parsed.data) : headOf(AlertHeadFields.parse(raw))
  const invalid = (problem: string): ReadAlert => ({
    ...head,
    kind: 'invalid',
    problem: cut(problem, longestProblem),
  })
  if (!parsed.success) {
    return invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  }
  const alert = parsed.data
  const { scale } = head
  if (head.service === '') return invalid('label service is missing; it must name the Swarm service to scale')
  if (alert.labels['service'] !== head.service)
    return invalid(`label service is longer than ${longestService} characters; Swarm has no such name`)
  if (scale === undefined)
    return invalid(`label scale=${quote(alert.labels['scale'])} must be up, down or to`)
  if (alert.status === 'resolved') {
    // Such an end would withdraw nothing, without a message.
    if (Date.parse(alert.endsAt) < Date.parse(alert.startsAt))
      return invalid(
        `endsAt=${quote(alert.endsAt)} is before startsAt; a resolved alert must have the time when it ended`,
      )
    return { ...head, kind: 'valid', update: readResolved(alert) }
  }
  const demand = readDemand(alert.annotations, scale)
  if (typeof demand === 'string') return invalid(demand)
  return { ...head, kind: 'valid', update: readFiring(alert, head.alertName, scale, demand) }
}

/** For a rejected alert this is as much as can be read, so that the rejection still names the alert. */
function headOf({ labels, fingerprint, status }: HeadFields): AlertHead {
  const scale = scales.find((known) => known === labels['scale'])
  const service = cut(labels['service'] ?? '', longestService)
  const alertName = cut(labels['alertname'] ?? '', longestAlertName)
  return { service, fingerprint, alertName, status, ...defined({ scale }) }
}

/** What the annotations ask for, or why they are invalid. If both are given, the absolute number counts. */
function readDemand({ replicas, step }: WebhookAlert['annotations'], scale: Scale): Demand | string {
  if (replicas !== undefined) {
    const value = parseNumber(replicas)
    if (value === undefined) return `annotation replicas=${quote(replicas)} must be a finite number >= 0`
    return { kind: 'replicas', replicas: value }
  }
  if (scale === 'to') return 'annotation replicas is missing; scale="to" requires a number'
  if (step === undefined) return { kind: 'policy-step' }
  const amount = parseAmount(step)
  if (amount === undefined) return `annotation step=${quote(step)} must be a number >= 0 such as 2, or 50%`
  return { kind: 'step', step: amount }
}

function readFiring(alert: WebhookAlert, alertName: string, scale: Scale, demand: Demand): AlertUpdate {
  const { summary } = alert.annotations
  return {
    kind: 'firing',
    alert: {
      fingerprint: alert.fingerprint,
      scale,
      demand,
      startsAtMs: Date.parse(alert.startsAt),
      alertName,
      ...(summary === undefined ? {} : { summary: cut(summary, longestSummary) }),
    },
  }
}

function readResolved({ fingerprint, endsAt }: WebhookAlert): AlertUpdate {
  return { kind: 'resolved', fingerprint, endedAtMs: Date.parse(endsAt) }
}

function quote(text: string | undefined): string {
  return text === undefined ? '(missing)' : JSON.stringify(text.slice(0, 100))
}
