import type { Environment } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'
import { readTraceSettings } from '../config/traces.ts'
import type { Recorder } from '../history/recorder.ts'
import type { IngestObserver, ReceiverObserver } from '../receiver/ports.ts'
import { systemClock } from '../reconcile/system-clock.ts'
import { CertificateWatch } from '../telemetry/certificate-watch.ts'
import { createRegistry, type Exposition, expose } from '../telemetry/exposition.ts'
import { createLogger, type Logger } from '../telemetry/logger.ts'
import { Metrics } from '../telemetry/metrics.ts'
import { TelemetryObserver } from '../telemetry/observer.ts'
import type { SentTraces } from '../telemetry/traces/export.ts'
import type { Traces } from '../telemetry/traces/traces.ts'
import { receiverObserver } from './receiver-observer.ts'

/** Everything that reports what happens: log, metrics, and traces if they are sent. */
export interface Telemetry {
  readonly log: Logger
  readonly observer: TelemetryObserver
  readonly certificateWatch: CertificateWatch
  /** Absent: none are sent. */
  readonly traces: Traces | undefined
  /** All metrics, in the format of this content type. */
  readonly expose: (contentType: string) => Promise<Exposition>
  /** Takes what the receiver reports; what it refuses goes into the history as well. */
  readonly receiverObserver: (recorder: Recorder) => ReceiverObserver & IngestObserver
  /** Sends what waits, for as long as that may take. */
  readonly stop: () => Promise<void>
}

/** Throws `SettingsError` if the environment has an invalid setting for traces. */
export async function startTelemetry(
  settings: Settings,
  version: string,
  environment: Environment,
): Promise<Telemetry> {
  const sent = await sendTraces(environment, version, () => log)
  const traces = sent?.traces
  const log = createLogger(settings.AUTOSCALER_LOG_LEVEL, undefined, traces && (() => traces.traceId()))
  const registry = createRegistry()
  const metrics = new Metrics(registry, version)
  const observer = new TelemetryObserver(metrics, log, settings.AUTOSCALER_RESYNC_INTERVAL)
  const certificateWatch = new CertificateWatch(metrics, log, systemClock)
  return {
    log,
    observer,
    certificateWatch,
    traces,
    expose: (contentType) => expose(registry, contentType),
    receiverObserver: (recorder) => receiverObserver(observer, recorder, traces),
    stop: async () => {
      certificateWatch.stop()
      await sent?.stop()
    },
  }
}

/** Sends traces if the environment names a collector. If it names none, the SDK is not even loaded. */
async function sendTraces(
  environment: Environment,
  version: string,
  log: () => Logger,
): Promise<SentTraces | undefined> {
  const settings = readTraceSettings(environment)
  if (settings === undefined) return undefined
  const { sendTraces: send } = await import('../telemetry/traces/export.ts')
  return send(settings, version, log)
}
