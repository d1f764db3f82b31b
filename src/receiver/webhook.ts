import type { Request, RequestHandler } from 'express'
import { decisionForDown } from '../decide/scale-up-active.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { Decision } from '../domain/decision.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { ingest, ingestWithoutWaiting } from './ingest.ts'
import { WebhookMessage } from './payload.ts'
import type { HistoryReader, Loop, ReceiverObserver } from './ports.ts'
import { Problem } from './problem.ts'
import { type ReadAlert, readAlert } from './read-alert.ts'

/** The answer to one alert of a message. `from` and `to` are equal if nothing changed, and null if rejected. */
interface AlertResult {
  readonly fingerprint: string
  readonly service: string
  readonly decision: Decision['kind']
  readonly reason: Decision['reason']
  readonly from: number | null
  readonly to: number | null
}

/** Most messages that may wait for Docker or the history at once: half of all connections, so that other requests are answered. */
export const mostWaiting = 256

/**
 * `POST /webhook`: ingests all alerts of a message. Answers when the due changes are applied and written to the history, if that
 * can be written.
 *
 * If too many messages wait already, it answers 503 at once, so that Alertmanager posts again. The alerts are ingested all the
 * same: an older message that is still waiting must not win over a newer one.
 */
export function webhook(
  loop: Loop,
  history: Pick<HistoryReader, 'settled'>,
  observer: ReceiverObserver,
): RequestHandler {
  let waiting = 0
  let hasTruncated = false
  return async (request, response) => {
    const { alerts, truncatedAlerts } = readMessage(request)
    if (truncatedAlerts > 0) observer.truncated(truncatedAlerts, !hasTruncated)
    hasTruncated ||= truncatedAlerts > 0
    if (waiting >= mostWaiting) {
      ingestWithoutWaiting(alerts, loop, observer)
      throw new Problem(
        503,
        'too many messages are being processed; these alerts were received, send them again',
      )
    }
    waiting++
    const outcomes = await ingest(alerts, loop, observer)
      .finally(() => history.settled())
      .finally(() => {
        waiting--
      })
    const results = alerts.map((alert) => answer(alert, outcomes.get(alert.service), observer))
    // No `response.json`: it would compute an ETag, which is useless for a POST.
    response.type('json').end(JSON.stringify({ results }))
  }
}

/** Reads a message and drops it: nothing of it stays in memory while its alerts wait. */
function readMessage(request: Request) {
  const message = WebhookMessage.safeParse(request.body)
  request.body = undefined
  if (!message.success) {
    throw new Problem(400, message.error.issues.map((issue) => issue.message)[0] ?? '')
  }
  const { alerts, truncatedAlerts } = message.data
  return { alerts: alerts.map(readAlert), truncatedAlerts }
}

/** The decision for the service answers each of its alerts, except rejected alerts and alerts down while an alert up is active. */
function answer(alert: ReadAlert, outcome: Outcome | undefined, observer: ReceiverObserver): AlertResult {
  const { fingerprint, service } = alert
  const ofService = outcome?.decision ?? { kind: 'reject', reason: 'unknown_service' }
  const decision = decisionOf(alert, ofService)
  // The loop reports its own decision. A decision for this alert alone is reported here.
  if (decision !== ofService) observer.decided(outcome?.service, decision)
  return { fingerprint, service, ...resultOf(decision) }
}

function decisionOf(alert: ReadAlert, ofService: Decision): Decision {
  if (alert.kind === 'invalid') return { kind: 'reject', reason: 'invalid_alert' }
  return alert.scale === 'down' && alert.status === 'firing' ? decisionForDown(ofService) : ofService
}

function resultOf(decision: Decision): Pick<AlertResult, 'decision' | 'reason' | 'from' | 'to'> {
  const { kind, reason } = decision
  switch (kind) {
    case 'scale':
      return { decision: kind, reason, from: decision.from, to: decision.to }
    case 'hold':
      return { decision: kind, reason, from: decision.replicas, to: decision.replicas }
    case 'reject':
      return { decision: kind, reason, from: null, to: null }
    default:
      return assertNever(decision)
  }
}
