import type { Span } from './span.ts'

/**
 * The days of a period in a time zone (IANA name); the first and the last are cut to the period. A day begins at the first moment of
 * its date, which is not midnight if a clock change skips that. A day with a clock change is shorter or longer.
 *
 * Throws `RangeError` if there is no such zone.
 */
export function daysIn(timezone: string, window: Span): readonly Span[] {
  const days: Span[] = []
  let day = Temporal.Instant.fromEpochMilliseconds(window.fromMs).toZonedDateTimeISO(timezone).startOfDay()
  while (day.epochMilliseconds < window.untilMs) {
    const next = day.add({ days: 1 }).startOfDay()
    const fromMs = Math.max(window.fromMs, day.epochMilliseconds)
    const untilMs = Math.min(window.untilMs, next.epochMilliseconds)
    // If clocks go back over midnight, the repeated evening already belongs to the next day.
    if (fromMs < untilMs) days.push({ fromMs, untilMs })
    day = next
  }
  return days
}
