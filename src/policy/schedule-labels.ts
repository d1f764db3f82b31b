import { defined } from '../domain/defined.ts'
import { runAlike, type Schedule } from '../domain/schedule.ts'
import { type LabelReader, prefix } from './label-reader.ts'
import * as value from './label-values.ts'

/** What a window is held against: the bounds outside of it. */
interface OuterBounds {
  readonly min: number
  readonly max: number | undefined
}

/** Reads all windows of `autoscaler.schedule.<name>.*`. A window with a fault is left out; the reader keeps the fault. */
export function readSchedules(reader: LabelReader, bounds: OuterBounds): readonly Schedule[] {
  const names = new Set(reader.keysUnder('schedule.').flatMap((key) => nameIn(reader, key) ?? []))
  return [...names].flatMap((name) => readSchedule(reader, name, bounds) ?? [])
}

function nameIn(reader: LabelReader, key: string): string | undefined {
  const match = /^schedule\.([A-Za-z0-9][A-Za-z0-9_-]*)\.[^.]+$/.exec(key)
  if (match === null) reader.refuse(key, 'must be schedule.<name>.<key>; a name has letters, digits, - and _')
  return match?.[1]
}

function readSchedule(reader: LabelReader, name: string, bounds: OuterBounds): Schedule | undefined {
  const key = (rest: string) => `schedule.${name}.${rest}`
  const before = reader.faults.length
  const start = reader.required(key('start'), value.cron)
  const end = readEnd(reader, key)
  const timezone = reader.optional(key('timezone'), value.timezone) ?? 'UTC'
  const min = reader.optional(key('min'), value.replicas(0))
  const max = reader.optional(key('max'), value.replicas(0))
  // A window is held against others only when all of it could be read.
  if (start === undefined || end === undefined || reader.faults.length > before) return undefined
  const schedule: Schedule = { name, start, end, timezone, ...defined({ min, max }) }
  checkTimes(reader, schedule)
  checkEffect(reader, schedule, bounds)
  return schedule
}

function readEnd(reader: LabelReader, key: (rest: string) => string): Schedule['end'] | undefined {
  const cron = reader.optional(key('end'), value.cron)
  const durationMs = reader.optional(key('duration'), value.positiveDuration)
  const hasEnd = reader.has(key('end'))
  const hasDuration = reader.has(key('duration'))
  if (hasEnd && hasDuration)
    reader.refuse(key('duration'), `stands beside ${prefix}${key('end')}; leave one of them out`)
  if (!hasEnd && !hasDuration)
    reader.refuse(key('end'), `is missing; it must be ${value.cron.allowed}, or give a duration`)
  if (cron !== undefined) return { kind: 'cron', cron }
  return durationMs === undefined ? undefined : { kind: 'duration', durationMs }
}

/** Any moment does to compare two patterns from: what always coincides does so from there, too. */
const someMomentMs = Date.UTC(2026, 0, 1)

function checkTimes(reader: LabelReader, { name, start, end }: Schedule): void {
  if (end.kind === 'cron' && runAlike(start, end.cron, someMomentMs)) {
    reader.refuse(`schedule.${name}.end`, `closes the window at the moment at which it opens (${start})`)
  }
}

function checkEffect(reader: LabelReader, { name, min, max }: Schedule, outer: OuterBounds): void {
  const key = `schedule.${name}.min`
  if (min === undefined && max === undefined) {
    reader.refuse(key, `is missing; a window needs a min, a max, or both`)
    return
  }
  const ceiling = max ?? outer.max
  if (min !== undefined && ceiling !== undefined && min > ceiling) {
    reader.refuse(key, `must not exceed the max then in force (${ceiling})`)
  }
  const isFloorIdle = min === undefined || min <= outer.min
  const isCeilingIdle = max === undefined || max === outer.max
  // No fault: the bounds outside may come from another layer, or from a wider window beside this one.
  if (isFloorIdle && isCeilingIdle) {
    const idle = min === undefined ? `schedule.${name}.max` : key
    reader.warn(idle, `has no effect: the policy's own bounds say as much`)
  }
}
