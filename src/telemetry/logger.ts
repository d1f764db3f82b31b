import { type DestinationStream, destination, type LevelWithSilent, type Logger, pino } from 'pino'

export type { Logger }

/** A logger that writes one line of JSON per event, to the standard output by default, times as RFC 3339 has them. */
export function createLogger(level: LevelWithSilent, stream: DestinationStream = destination(1)): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, stream)
}
