import type { RequestHandler } from 'express'
import { decisionForDown } from '../decide/scale-up-active.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { Decision } from '../domain/decision.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { ingest, ingestWithoutWaiting } from './ingest.ts'
import { WebhookMessage } from './payload.ts'
import type { HistoryReader, Loop, ReceiverObserver } from './ports.ts'
import { Problem } from './problem.ts'
import { type ReadAlert, readAlert } from './read-alert.ts'
import { bodySizeOf, mostBytes, smallBytes } from './read-body.ts'

/** The answer to one alert of a message. `from` and `to` are equal where nothing changed, and null where refused. */
interface AlertResult {
  readonly fingerprint: string
  readonly service: string
  readonly decision: Decision['kind']
  readonly reason: Decision['reason']
  readonly from: number | null
  readonly to: number | null
}

/** Most messages that may wait for Docker or for the history at the same time: half of all connections, so that the others are answered. */
export const mostWaiting = 256

/** Most bytes of the messages that wait, before large ones may not: what they said stays in memory for as long. */
export const mostBytesWaiting = mostBytes

/**
 * `POST /webhook`: ingests all alerts of a message, and answers when what is due has been applied, and what came of it is in
 * the history, as far as that can be written.
 *
 * Where too many messages wait already, it hears what the alerts say and answers 503 at once: nothing newer than what was
 * received is ever lost to something older, and Alertmanager posts again.
 */
export function webhook(
  loop: Loop,
  history: Pick<HistoryReader, 'settled'>,
  observer: ReceiverObserver,
): RequestHandler {
  const waiting = { messages: 0, bytes: 0 }
  let hasTruncated = false
  return async (request, response) => {
    const message = WebhookMessage.safeParse(request.body)
    if (!message.success) {
      throw new Problem(400, message.error.issues.map((issue) => issue.message)[0] ?? '')
    }
    const { truncatedAlerts } = message.data
    if (truncatedAlerts > 0) observer.truncated(truncatedAlerts, !hasTruncated)
    hasTruncated ||= truncatedAlerts > 0
    const alerts = message.data.alerts.map(readAlert)
    const bytes = bodySizeOf(request)
    const isTooLarge = bytes > smallBytes && waiting.bytes + bytes > mostBytesWaiting
    if (waiting.messages >= mostWaiting || isTooLarge) {
      ingestWithoutWaiting(alerts, loop, observer)
      throw new Problem(
        503,
        'more comes in than can be dealt with; what was posted is received, post it again',
      )
    }
    waiting.messages++
    waiting.bytes += bytes
    const outcomes = await ingest(alerts, loop, observer)
      .finally(() => history.settled())
      .finally(() => {
        waiting.messages--
        waiting.bytes -= bytes
      })
    const results = alerts.map((alert) => answer(alert, outcomes.get(alert.service), observer))
    // No `response.json`: it would make an ETag of it, and nobody asks for the answer to a post again.
    response.type('json').end(JSON.stringify({ results }))
  }
}

/** The decision for a service answers each of its alerts, but for those that were refused and for downs beside an up. */
function answer(alert: ReadAlert, outcome: Outcome | undefined, observer: ReceiverObserver): AlertResult {
  const { fingerprint, service } = alert
  const ofService = outcome?.decision ?? { kind: 'reject', reason: 'unknown_service' }
  const decision = decisionOf(alert, ofService)
  // The loop has told of its own decision; what holds for this alert alone is told here.
  if (decision !== ofService) observer.decided(outcome?.service, decision)
  return { fingerprint, service, ...inNumbers(decision) }
}

function decisionOf(alert: ReadAlert, ofService: Decision): Decision {
  if (alert.kind === 'invalid') return { kind: 'reject', reason: 'invalid_alert' }
  return alert.scale === 'down' && alert.status === 'firing' ? decisionForDown(ofService) : ofService
}

function inNumbers(decision: Decision): Pick<AlertResult, 'decision' | 'reason' | 'from' | 'to'> {
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
