import { setTimeout as sleep } from 'node:timers/promises'
import { ingest } from './ingest.ts'
import type { IngestObserver, Loop, ReceiverObserver } from './ports.ts'
import { readAlert } from './read-alert.ts'

export interface IngestActiveAlertsOptions {
  /** The alerts that are active in Alertmanager now, as its API has them. Rejects with a message for the user. */
  readonly readActiveAlerts: (signal: AbortSignal) => Promise<readonly object[]>
  readonly loop: Pick<Loop, 'receive'>
  readonly observer: ReceiverObserver & IngestObserver
  /** The pause before each attempt, in ms. Default: eight attempts, the first at once, the last after 2 minutes. */
  readonly delaysMs?: readonly number[]
  /** Aborted: no more attempts. */
  readonly signal: AbortSignal
}

const defaultDelaysMs = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 40_000]

/**
 * Ingests the active alerts of Alertmanager as if it had just posted them, so that a receiver need not wait for the next post
 * after its start. Gives up after the last attempt: by then Alertmanager has posted all of them again. Never throws.
 */
export async function ingestActiveAlerts(options: IngestActiveAlertsOptions): Promise<void> {
  const { readActiveAlerts, loop, observer, signal, delaysMs = defaultDelaysMs } = options
  for (const delayMs of delaysMs) {
    await sleep(delayMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    try {
      const active = await readActiveAlerts(signal)
      const alerts = active.map((alert) => readAlert({ ...alert, status: 'firing' }))
      await ingest(alerts, loop, observer)
      return observer.ingested(alerts.length)
    } catch (thrown) {
      if (signal.aborted) return
      observer.notIngested(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }
}
