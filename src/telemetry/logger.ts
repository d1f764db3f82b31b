import { type DestinationStream, destination, type LevelWithSilent, type Logger, pino } from 'pino'
import { visibleJson } from '../text/visible.ts'

export type { Logger }

/**
 * A logger that writes one line of JSON per event, to the standard output by default, times as RFC 3339 has them. No line holds anything that a
 * terminal would obey, whatever it is about. `traceId`: the trace to which a line belongs.
 */
export function createLogger(
  level: LevelWithSilent,
  stream: DestinationStream = destination(1),
  traceId?: () => string | undefined,
): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(traceId === undefined ? {} : { mixin: () => ({ traceId: traceId() }) }),
  }
  return pino(options, { write: (line: string) => stream.write(visibleJson(line)) })
}
