import { defined } from '../domain/defined.ts'
import type { Recorder } from '../history/recorder.ts'
import type { IngestObserver, ReceiverObserver } from '../receiver/ports.ts'
import type { TelemetryObserver } from '../telemetry/observer.ts'
import type { Traces } from '../telemetry/traces/traces.ts'

/** What the receiver reports goes to the telemetry; what it refuses goes into the history as well. */
export function receiverObserver(
  telemetry: TelemetryObserver,
  recorder: Recorder,
  traces?: Traces,
): ReceiverObserver & IngestObserver {
  return {
    received: (...alert) => telemetry.received(...alert),
    decided: (service, decision) =>
      telemetry.subscriber({ kind: 'decided', decision, ...defined({ service }) }),
    refused: (refused) => {
      telemetry.refused(refused)
      recorder.refused(refused)
    },
    refusedMore: (alerts) => telemetry.refusedMore(alerts),
    truncated: (...alerts) => telemetry.truncated(...alerts),
    ingested: (alerts) => telemetry.ingested(alerts),
    notIngested: (error) => telemetry.notIngested(error),
    answered: (...request) => telemetry.answered(...request),
    broke: (error) => {
      telemetry.broke(error)
      traces?.broke(error)
    },
  }
}
