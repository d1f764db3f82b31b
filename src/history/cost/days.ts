import type { Span } from './span.ts'

/**
 * The days of a time zone (IANA name) that make up a time, the first and the last one cut by it. A day begins with the first moment of
 * its date, which is not midnight where the clocks skip that, and is an hour shorter or longer where they change.
 *
 * Throws `RangeError` where there is no such zone.
 */
export function daysIn(timezone: string, window: Span): readonly Span[] {
  const days: Span[] = []
  let day = Temporal.Instant.fromEpochMilliseconds(window.fromMs).toZonedDateTimeISO(timezone).startOfDay()
  while (day.epochMilliseconds < window.untilMs) {
    const next = day.add({ days: 1 }).startOfDay()
    const fromMs = Math.max(window.fromMs, day.epochMilliseconds)
    const untilMs = Math.min(window.untilMs, next.epochMilliseconds)
    // Where the clocks went back over midnight, an evening that comes twice is a part of the next day already.
    if (fromMs < untilMs) days.push({ fromMs, untilMs })
    day = next
  }
  return days
}
