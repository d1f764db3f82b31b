import type { Scene, Supply } from '../run.ts'
import type { Labels } from './search.ts'

/** A time of day at which the load rises faster than anybody can follow, again and again. */
export interface FoundWindow {
  readonly name: string
  /** Cron pattern of its start. */
  readonly start: string
  readonly durationMinutes: number
  readonly timezone: string
  readonly min: number
}

/** So much earlier than the rise a window opens, in minutes: replicas start within seconds, but people are not punctual. */
const leadMinutes = 5
/** So long after the rise it stays open: until the signals have taken over. */
const afterMinutes = 15
/** Rises so near to each other are one. */
const nearMinutes = 20
/** On this share of the days a rise must come to be a habit. */
const habitShare = 0.5
const mostWindows = 6

interface Rise {
  readonly second: number
  readonly day: string
  /** 0 is Sunday. */
  readonly weekday: number
  readonly minuteOfDay: number
}

/**
 * Finds the times of day at which a supply was below the load on most days, or on most working days, or on one day of most weeks.
 * Such a floor then bears the most that came within a quarter of an hour.
 */
export function findWindows(scene: Scene, supply: Supply, timezone: string): readonly FoundWindow[] {
  const calendar = calendarOf(timezone)
  const rises = risesOf(scene, supply).map((second) => ({
    second,
    ...calendar(scene.startMs + second * 1_000),
  }))
  const days = daysOf(scene, calendar)
  return clustersOf(rises)
    .flatMap((cluster) => windowOf(cluster, days, scene, timezone))
    .slice(0, mostWindows)
}

export function labelsOfWindow({ name, start, durationMinutes, timezone, min }: FoundWindow): Labels {
  const key = (rest: string) => `autoscaler.schedule.${name}.${rest}`
  return {
    [key('start')]: start,
    [key('duration')]: `${durationMinutes}m`,
    ...(timezone === 'UTC' ? {} : { [key('timezone')]: timezone }),
    [key('min')]: `${min}`,
  }
}

/** The first seconds of the times above capacity; what follows within the reach of a window belongs to it. */
function risesOf({ load, capacity }: Scene, { running }: Supply): readonly number[] {
  const rises: number[] = []
  for (const [index, { at, replicas }] of running.entries()) {
    const end = running[index + 1]?.at ?? load.length
    for (let second = at; second < end; second += 1) {
      if ((load[second] as number) <= replicas * capacity) continue
      if (second - (rises.at(-1) ?? Number.NEGATIVE_INFINITY) > nearMinutes * 60) rises.push(second)
    }
  }
  return rises
}

type Moment = Omit<Rise, 'second'>

function calendarOf(timezone: string): (atMs: number) => Moment {
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

/** The days of the load by their date, with their day of the week. */
function daysOf({ load, startMs }: Scene, calendar: (atMs: number) => Moment): ReadonlyMap<string, number> {
  const days = new Map<string, number>()
  for (let second = 0; second < load.length; second += 3_600) {
    const { day, weekday } = calendar(startMs + second * 1_000)
    days.set(day, weekday)
  }
  return days
}

/** Rises at about the same time of day, the most frequent first. */
function clustersOf(rises: readonly Rise[]): readonly (readonly Rise[])[] {
  const clusters: Rise[][] = []
  for (const rise of rises.toSorted((a, b) => a.minuteOfDay - b.minuteOfDay)) {
    const last = clusters.at(-1)
    if (last?.[0] !== undefined && rise.minuteOfDay - last[0].minuteOfDay <= nearMinutes) last.push(rise)
    else clusters.push([rise])
  }
  return clusters.sort((a, b) => b.length - a.length)
}

function windowOf(
  cluster: readonly Rise[],
  days: ReadonlyMap<string, number>,
  { load, target }: Scene,
  timezone: string,
): readonly FoundWindow[] {
  const pattern = daysPattern(cluster, days)
  const [first] = cluster
  const last = cluster.at(-1)
  if (pattern === undefined || first === undefined || last === undefined) return []
  // Before midnight would be another day.
  const opens = Math.max(0, first.minuteOfDay - leadMinutes)
  const most = cluster.reduce((peak, { second }) => {
    const part = load.subarray(second, second + afterMinutes * 60)
    return part.reduce((a, b) => Math.max(a, b), peak)
  }, 0)
  const hourOfDay = Math.floor(opens / 60)
  const minute = opens % 60
  return [
    {
      name: `at-${`${hourOfDay}`.padStart(2, '0')}${`${minute}`.padStart(2, '0')}`,
      start: `${minute} ${hourOfDay} * * ${pattern}`,
      durationMinutes: last.minuteOfDay - opens + afterMinutes,
      timezone,
      min: Math.ceil(most / target),
    },
  ]
}

/** The days of the week on which a rise is a habit, as cron has them. Absent: it is none. */
function daysPattern(cluster: readonly Rise[], days: ReadonlyMap<string, number>): string | undefined {
  const hit = new Set(cluster.map(({ day }) => day))
  const isHabit = (weekdays: readonly number[]) => {
    const possible = [...days].filter(([, weekday]) => weekdays.includes(weekday)).map(([day]) => day)
    const seen = possible.filter((day) => hit.has(day)).length
    return seen >= 2 && seen >= habitShare * possible.length
  }
  const weekdays = [0, 1, 2, 3, 4, 5, 6].filter((weekday) => isHabit([weekday]))
  // Few weeks say little of single days, and more of all of them together.
  if (isHabit([0, 6]) && isHabit([1, 2, 3, 4, 5])) return '*'
  if (isHabit([1, 2, 3, 4, 5])) return '1-5'
  if (weekdays.length > 0) return weekdays.join(',')
  return isHabit([0, 1, 2, 3, 4, 5, 6]) ? '*' : undefined
}
