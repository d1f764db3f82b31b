import type { Recorder } from '../history/recorder.ts'
import type { ReceiverObserver } from '../receiver/ports.ts'
import type { TelemetryObserver } from '../telemetry/observer.ts'
import type { Traces } from '../telemetry/traces/traces.ts'

/** What the receiver hears goes to the telemetry; what it refuses goes into the record as well. */
export function receiverObserver(
  telemetry: TelemetryObserver,
  recorder: Recorder,
  traces?: Traces,
): ReceiverObserver {
  return {
    received: (...news) => telemetry.received(...news),
    decided: (...news) => telemetry.decided(...news),
    refused: (refused) => {
      telemetry.refused(refused)
      recorder.refused(refused)
    },
    refusedMore: (alerts) => telemetry.refusedMore(alerts),
    truncated: (alerts) => telemetry.truncated(alerts),
    answered: (...news) => telemetry.answered(...news),
    broke: (error) => {
      telemetry.broke(error)
      traces?.broke(error)
    },
  }
}
