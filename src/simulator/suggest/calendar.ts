import type { Scene } from '../scene.ts'

/** A time in a time zone. */
export interface LocalTime {
  /** `2026-01-15` */
  readonly day: string
  /** 0 is Sunday. */
  readonly weekday: number
  readonly minuteOfDay: number
}

/** The days of a load by their date, with the day of the week. */
export type Days = ReadonlyMap<string, number>

/** `timezone` is an IANA name. */
export function calendarOf(timezone: string): (atMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
    return {
      day: `${parts['year']}-${parts['month']}-${parts['day']}`,
      weekday: weekdays.indexOf(parts['weekday'] ?? ''),
      minuteOfDay: Number(parts['hour']) * 60 + Number(parts['minute']),
    }
  }
}

export function daysOf({ load, startMs }: Scene, calendar: (atMs: number) => LocalTime): Days {
  const days = new Map<string, number>()
  for (let second = 0; second < load.length; second += 3_600) {
    const { day, weekday } = calendar(startMs + second * 1_000)
    days.set(day, weekday)
  }
  return days
}

/** An event is regular if it comes on this share of the days. */
const regularShare = 0.5

/** The days of the week on which an event is regular, as in cron. Absent: on none. `on`: the dates on which it came. */
export function weekdayPattern(on: ReadonlySet<string>, days: Days): string | undefined {
  const isRegular = (weekdays: readonly number[]) => {
    const possible = [...days].filter(([, weekday]) => weekdays.includes(weekday)).map(([day]) => day)
    const seen = possible.filter((day) => on.has(day)).length
    return seen >= 2 && seen >= regularShare * possible.length
  }
  const weekdays = [0, 1, 2, 3, 4, 5, 6].filter((weekday) => isRegular([weekday]))
  // A few weeks have too few of each weekday, but enough of all of them together.
  if (isRegular([0, 6]) && isRegular([1, 2, 3, 4, 5])) return '*'
  if (isRegular([1, 2, 3, 4, 5])) return '1-5'
  if (weekdays.length > 0) return weekdays.join(',')
  return isRegular([0, 1, 2, 3, 4, 5, 6]) ? '*' : undefined
}
