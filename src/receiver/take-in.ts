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
  for (const alert of alerts) tellHeard(alert, observer)
  const named = Map.groupBy(
    alerts.filter(({ service }) => service !== ''),
    ({ service }) => service,
  )
  const received = [...named].map(async ([service, ofService]) => {
    const news = ofService.flatMap((alert) => (alert.kind === 'news' ? [alert.news] : []))
    return [service, await loop.receive(service, news)] as const
  })
  const settled = await Promise.allSettled(received)
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return new Map(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
}

function tellHeard(alert: ReadAlert, observer: ReceiverObserver): void {
  observer.heard(alert.scale, alert.status)
  if (alert.kind === 'invalid') observer.refused(alert)
}
