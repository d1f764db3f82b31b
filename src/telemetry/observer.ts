import type { Scale } from '../domain/direction.ts'
import type { RefusedAlert } from '../domain/event.ts'
import type { HistoryFault, HistoryObserver } from '../history/ports.ts'
import type { IngestObserver, ReceiverObserver } from '../receiver/ports.ts'
import type { Subscriber } from '../reconcile/events.ts'
import { LastResult } from '../reconcile/last-result.ts'
import type { Logger } from './logger.ts'
import { LoopLog } from './loop-log.ts'
import { LoopMetrics } from './loop-metrics.ts'
import type { Metrics } from './metrics.ts'

/** Turns what the receiver, the history and the Docker client report into metrics and log lines. */
export class TelemetryObserver implements HistoryObserver, IngestObserver, Omit<ReceiverObserver, 'decided'> {
  /** Metrics and log lines of the loop's events. */
  readonly subscriber: Subscriber
  readonly #metrics: Metrics
  readonly #log: Logger
  /** Whether the history could be written last. */
  readonly #history = new LastResult()

  /** `resyncIntervalMs`: how often every service is checked without any alert. Default 15 s. */
  constructor(metrics: Metrics, log: Logger, resyncIntervalMs = 15_000) {
    this.#metrics = metrics
    this.#log = log
    // It is written at first, and that is not worth a line.
    this.#history.isNew(undefined)
    const subscribers = [new LoopMetrics(metrics, log, resyncIntervalMs), new LoopLog(log)]
    this.subscriber = (event) => {
      for (const { subscriber } of subscribers) subscriber(event)
    }
  }

  received(scale: Scale | undefined, status: 'firing' | 'resolved'): void {
    this.#metrics.alerts.inc({ scale: scale ?? '', status })
  }

  /** What is wrong with an alert itself is logged each time; what is wrong with its service is logged for that service. */
  refused({ service, problem, alert: { fingerprint } }: RefusedAlert): void {
    if (problem !== undefined) this.#log.warn({ service, fingerprint, problem }, 'alert refused')
  }

  refusedMore(alerts: number): void {
    this.#log.warn({ alerts }, 'more alerts of the same message refused')
  }

  /** Logged once: it goes on until somebody changes the configuration of Alertmanager. */
  truncated(alerts: number, isFirst: boolean): void {
    if (!isFirst) return
    this.#log.warn(
      { alerts },
      'Alertmanager leaves alerts out of its messages; group them by service, or raise max_alerts in webhook_configs',
    )
  }

  ingested(alerts: number): void {
    this.#log.info({ alerts }, 'active alerts read from Alertmanager')
  }

  notIngested(error: Error): void {
    this.#log.warn(
      { error: error.message },
      'active alerts not read from Alertmanager, see AUTOSCALER_ALERTMANAGER_URL; its next post brings them',
    )
  }

  answered(method: string, route: string, code: number, durationMs: number): void {
    this.#metrics.httpDuration.observe({ method, route, code }, durationMs / 1_000)
  }

  broke(error: unknown): void {
    this.#log.error({ err: error }, 'request failed')
  }

  /** The files that settings name were read again; `faults` are what they were refused for. */
  reloaded(faults: readonly string[]): void {
    this.#metrics.configReloadSuccessful.set(faults.length === 0 ? 1 : 0)
    if (faults.length === 0) this.#log.info('files reloaded')
    else this.#log.error({ faults }, 'reload refused; keeping the current configuration')
  }

  historyWrote(_entries: number, durationMs: number): void {
    this.#metrics.historyUp.set(1)
    this.#metrics.historyWrites.inc({ outcome: 'ok' })
    this.#metrics.historyDuration.observe(durationMs / 1_000)
    if (this.#history.isNew(undefined)) this.#log.info('the history is written again')
  }

  historyFailed(error: HistoryFault, waiting: number): void {
    this.#metrics.historyUp.set(0)
    this.#metrics.historyWrites.inc({ outcome: error.code })
    if (!this.#history.isNew(error)) return
    this.#log.error(
      { code: error.code, error: error.message, waiting },
      'the history cannot be written; scaling goes on, and the last events are kept in memory',
    )
  }

  historyLost(entries: number): void {
    this.#metrics.historyLost.inc(entries)
  }

  historyWaiting(entries: number): void {
    this.#metrics.historyWaiting.set(entries)
  }

  historyPruned(rows: number): void {
    this.#metrics.historyPruned.inc(rows)
    this.#log.debug({ rows }, 'old events removed from the history')
  }

  dockerCalled(operation: string, outcome: string, durationMs: number): void {
    this.#metrics.dockerRequests.inc({ operation, outcome })
    this.#metrics.dockerDuration.observe({ operation }, durationMs / 1_000)
  }
}
