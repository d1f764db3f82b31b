import type { Scene, Supply } from '../scene.ts'
import { calendarOf, type Days, daysOf, type LocalTime, weekdayPattern } from './calendar.ts'
import type { Labels } from './search.ts'

/** A time of day at which the load regularly rises faster than an autoscaler can follow. */
export interface FoundWindow {
  readonly name: string
  /** Cron pattern of its start. */
  readonly start: string
  readonly durationMinutes: number
  readonly timezone: string
  readonly min: number
}

/** A window opens this long before the rise: replicas start within seconds, but people are not punctual. */
const leadMinutes = 5
/** It stays open this long after the rise, until the signals have caught up. */
const afterMinutes = 15
/** Rises within this time count as one. */
const nearMinutes = 20
const maxWindows = 6

interface Rise extends LocalTime {
  readonly second: number
}

/**
 * Finds the times of day at which a supply was below the load on most days, on most working days, or on one weekday of most weeks. The
 * `min` of a window is enough for the highest load within a quarter of an hour after a rise.
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
    .slice(0, maxWindows)
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

/** The seconds at which the load rises above capacity, one for each `nearMinutes`. */
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
  days: Days,
  { load, target }: Scene,
  timezone: string,
): readonly FoundWindow[] {
  const pattern = weekdayPattern(new Set(cluster.map(({ day }) => day)), days)
  const [first] = cluster
  const last = cluster.at(-1)
  if (pattern === undefined || first === undefined || last === undefined) return []
  // Before midnight is another day.
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
