/** Formats times of the API (RFC 3339) in one time zone. */
export interface Times {
  /** `2026-01-15 13:00:00` */
  readonly full: (time: string) => string
  /** The same; only `13:00:00` if it is on the day of `other`. */
  readonly beside: (time: string, other: string) => string
  /** `2026-01-15T13:00:00+01:00`, for programs. */
  readonly rfc3339: (time: string) => string
}

/** The end of a hold: `time` rounded up to a whole second, as in the API's sentences. */
export function endOf(time: string): string {
  return new Date(Math.ceil(Date.parse(time) / 1_000) * 1_000).toISOString()
}

/** `timeZone` is an IANA name. */
export function timesIn(timeZone: string): Times {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  })
  const read = (time: string) => {
    const parts = format.formatToParts(new Date(time)).map(({ type, value }) => [type, value] as const)
    const { year, month, day, hour, minute, second, timeZoneName = '' } = Object.fromEntries(parts)
    // `GMT+01:00`; `GMT` or `GMT+00:00` if there is no offset.
    const offset = timeZoneName.replace(/^GMT(?:\+00:00)?/, '') || 'Z'
    return { date: `${year}-${month}-${day}`, clock: `${hour}:${minute}:${second}`, offset }
  }
  const full = (time: string) => {
    const { date, clock } = read(time)
    return `${date} ${clock}`
  }
  return {
    full,
    beside: (time, other) => (read(time).date === read(other).date ? read(time).clock : full(time)),
    rfc3339: (time) => {
      const { date, clock, offset } = read(time)
      return `${date}T${clock}${offset}`
    },
  }
}
