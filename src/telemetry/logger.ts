import { type LevelWithSilent, type Logger, pino } from 'pino'

export type { Logger }

/** A logger that writes one line of JSON per event to the standard output, times as RFC 3339 has them. */
export function createLogger(level: LevelWithSilent): Logger {
  return pino({
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  })
}
