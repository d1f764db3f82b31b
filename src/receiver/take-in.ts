import { defined } from '../domain/defined.ts'
import { alertOf } from '../domain/event.ts'
import type { Outcome } from '../reconcile/apply.ts'
import type { Loop, ReceiverObserver } from './ports.ts'
import type { ReadAlert } from './read-alert.ts'

/**
 * Hands alerts to the loop, one consideration for each service that they name, all at once. Answers what came of each service,
 * by the name that the alerts have for it. Throws what the first that fails throws, after all have ended.
 */
export async function takeIn(
  alerts: readonly ReadAlert[],
  loop: Loop,
  observer: ReceiverObserver,
): Promise<ReadonlyMap<string, Outcome>> {
  for (const { scale, status } of alerts) observer.heard(scale, status)
  const named = Map.groupBy(
    alerts.filter(({ service }) => service !== ''),
    ({ service }) => service,
  )
  const received = [...named].map(async ([service, ofService]) => {
    const news = ofService.flatMap((alert) => (alert.kind === 'news' ? [alert.news] : []))
    return [service, await loop.receive(service, news)] as const
  })
  const settled = await Promise.allSettled(received)
  const outcomes = new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  for (const alert of alerts) tellRefused(alert, outcomes.get(alert.service), observer)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return outcomes
}

/** What the record needs of an alert that comes to nothing, whether by its own fault or because its service may not be scaled. */
function tellRefused(alert: ReadAlert, outcome: Outcome | undefined, observer: ReceiverObserver): void {
  const { service, alertName: name, fingerprint } = alert
  if (alert.kind === 'invalid') {
    const { scale, problem } = alert
    const head = { name, fingerprint, ...defined({ scale }) }
    observer.refused({ service, reason: 'invalid_signal', alert: head, problem })
  } else if (outcome?.decision.kind === 'reject' && alert.news.kind === 'firing') {
    observer.refused({ service, reason: outcome.decision.reason, alert: alertOf(alert.news.signal) })
  }
}
