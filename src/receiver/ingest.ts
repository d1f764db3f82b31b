import { defined } from '../domain/defined.ts'
import { alertOf } from '../domain/event.ts'
import type { AlertUpdate } from '../reconcile/active-alerts.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { Loop, ReceiverObserver } from './ports.ts'
import type { ReadAlert } from './read-alert.ts'

/**
 * Hands alerts to the loop, all services at once. Resolves with the outcome of each service, by the name that the alerts have
 * for it. Rejects with the first failure, after all services have ended.
 */
export async function ingest(
  alerts: readonly ReadAlert[],
  loop: Pick<Loop, 'receive'>,
  observer: ReceiverObserver,
): Promise<ReadonlyMap<string, Outcome>> {
  for (const { scale, status } of alerts) observer.received(scale, status)
  const received = updatesByService(alerts).map(
    async ([service, updates]) => [service, await loop.receive(service, updates)] as const,
  )
  const settled = await Promise.allSettled(received)
  const outcomes = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  reportRefused(alerts, outcomes, observer)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return outcomes
}

/** Hands alerts to the loop, and does not wait for the outcome. */
export function ingestWithoutWaiting(
  alerts: readonly ReadAlert[],
  loop: Pick<Loop, 'enqueue'>,
  observer: ReceiverObserver,
): void {
  for (const { scale, status } of alerts) observer.received(scale, status)
  for (const [service, updates] of updatesByService(alerts)) loop.enqueue(service, updates)
}

/** The updates for each service, in the order of the alerts. */
function updatesByService(
  alerts: readonly ReadAlert[],
): readonly (readonly [string, readonly AlertUpdate[]])[] {
  const named = Map.groupBy(
    alerts.filter(({ service }) => service !== ''),
    ({ service }) => service,
  )
  return [...named].map(([service, ofService]) => [
    service,
    ofService.flatMap((alert) => (alert.kind === 'valid' ? [alert.update] : [])),
  ])
}

/** Most refused alerts of one message that are reported one by one: invented alerts must not fill the log and the history. */
export const mostRefused = 100

function reportRefused(
  alerts: readonly ReadAlert[],
  outcomes: ReadonlyMap<string, Outcome>,
  observer: ReceiverObserver,
): void {
  const refused = alerts.filter((alert) => isRefused(alert, outcomes.get(alert.service)))
  for (const alert of refused.slice(0, mostRefused)) reportOne(alert, outcomes.get(alert.service), observer)
  if (refused.length > mostRefused) observer.refusedMore(refused.length - mostRefused)
}

function isRefused(alert: ReadAlert, outcome: Outcome | undefined): boolean {
  if (alert.kind === 'invalid') return true
  return outcome?.decision.kind === 'reject' && alert.update.kind === 'firing'
}

/** Reports an alert that is invalid, or whose service may not be scaled, with what the history needs of it. */
function reportOne(alert: ReadAlert, outcome: Outcome | undefined, observer: ReceiverObserver): void {
  const { service, alertName: name, fingerprint } = alert
  if (alert.kind === 'invalid') {
    const { scale, problem } = alert
    const head = { name, fingerprint, ...defined({ scale }) }
    observer.refused({ service, reason: 'invalid_alert', alert: head, problem })
  } else if (outcome?.decision.kind === 'reject' && alert.update.kind === 'firing') {
    observer.refused({ service, reason: outcome.decision.reason, alert: alertOf(alert.update.alert) })
  }
}
