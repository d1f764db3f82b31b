import { defined } from '../domain/defined.ts'
import { alertOf } from '../domain/event.ts'
import type { Outcome } from '../reconcile/apply.ts'
import type { AlertUpdate } from '../reconcile/reconciler.ts'
import type { Loop, ReceiverObserver } from './ports.ts'
import type { ReadAlert } from './read-alert.ts'

/**
 * Hands alerts to the loop, one consideration for each service that they name, all at once. Answers what came of each service,
 * by the name that the alerts have for it. Throws what the first that fails throws, after all have ended.
 */
export async function takeIn(
  alerts: readonly ReadAlert[],
  loop: Pick<Loop, 'receive'>,
  observer: ReceiverObserver,
): Promise<ReadonlyMap<string, Outcome>> {
  for (const { scale, status } of alerts) observer.received(scale, status)
  const received = newsByService(alerts).map(
    async ([service, news]) => [service, await loop.receive(service, news)] as const,
  )
  const settled = await Promise.allSettled(received)
  const outcomes = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  tellRefused(alerts, outcomes, observer)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return outcomes
}

/** Hands alerts to the loop, and waits for nothing that comes of it. */
export function hearOnly(
  alerts: readonly ReadAlert[],
  loop: Pick<Loop, 'hear'>,
  observer: ReceiverObserver,
): void {
  for (const { scale, status } of alerts) observer.received(scale, status)
  for (const [service, news] of newsByService(alerts)) loop.hear(service, news)
}

/** The news of each service that is named, in the order of the alerts. */
function newsByService(alerts: readonly ReadAlert[]): readonly (readonly [string, readonly AlertUpdate[]])[] {
  const named = Map.groupBy(
    alerts.filter(({ service }) => service !== ''),
    ({ service }) => service,
  )
  return [...named].map(([service, ofService]) => [
    service,
    ofService.flatMap((alert) => (alert.kind === 'news' ? [alert.news] : [])),
  ])
}

/** Most refused alerts of one message that are told one by one: a message of made-up ones must not fill the log and the history. */
export const mostRefused = 100

function tellRefused(
  alerts: readonly ReadAlert[],
  outcomes: ReadonlyMap<string, Outcome>,
  observer: ReceiverObserver,
): void {
  const refused = alerts.filter((alert) => isRefused(alert, outcomes.get(alert.service)))
  for (const alert of refused.slice(0, mostRefused)) tellOne(alert, outcomes.get(alert.service), observer)
  if (refused.length > mostRefused) observer.refusedMore(refused.length - mostRefused)
}

function isRefused(alert: ReadAlert, outcome: Outcome | undefined): boolean {
  if (alert.kind === 'invalid') return true
  return outcome?.decision.kind === 'reject' && alert.news.kind === 'firing'
}

/** What the history needs of an alert that comes to nothing, whether by its own fault or because its service may not be scaled. */
function tellOne(alert: ReadAlert, outcome: Outcome | undefined, observer: ReceiverObserver): void {
  const { service, alertName: name, fingerprint } = alert
  if (alert.kind === 'invalid') {
    const { scale, problem } = alert
    const head = { name, fingerprint, ...defined({ scale }) }
    observer.refused({ service, reason: 'invalid_alert', alert: head, problem })
  } else if (outcome?.decision.kind === 'reject' && alert.news.kind === 'firing') {
    observer.refused({ service, reason: outcome.decision.reason, alert: alertOf(alert.news.alert) })
  }
}
