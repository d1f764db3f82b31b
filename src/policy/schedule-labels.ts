import { defined } from '../domain/defined.ts'
import { runAlike, type Schedule } from '../domain/schedule.ts'
import { type LabelReader, prefix } from './label-reader.ts'
import * as value from './label-values.ts'

/** The bounds outside of a window. */
interface OuterBounds {
  readonly min: number
  readonly max: number | undefined
}

/** Reads the windows of `autoscaler.schedule.<name>.*`. A window with a fault is omitted; the reader has the fault. */
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
  // Only a window without faults is checked further.
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
    reader.refuse(key('duration'), `conflicts with ${prefix}${key('end')}; remove one of them`)
  if (!hasEnd && !hasDuration)
    reader.refuse(
      key('end'),
      `is missing; set it to ${value.cron.allowed}, or set ${prefix}${key('duration')}`,
    )
  if (cron !== undefined) return { kind: 'cron', cron }
  return durationMs === undefined ? undefined : { kind: 'duration', durationMs }
}

/** Two patterns that always coincide do so from any moment. */
const anyMomentMs = Date.UTC(2026, 0, 1)

function checkTimes(reader: LabelReader, { name, start, end }: Schedule): void {
  if (end.kind === 'cron' && runAlike(start, end.cron, anyMomentMs)) {
    reader.refuse(`schedule.${name}.end`, `closes the window at the moment when it opens (${start})`)
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
    reader.refuse(key, `must not exceed the max while the window is open (${ceiling})`)
  }
  const isFloorUnused = min === undefined || min <= outer.min
  const isCeilingUnused = max === undefined || max === outer.max
  // A warning only: the outer bounds may come from the policy file, or from a wider window.
  if (isFloorUnused && isCeilingUnused) {
    const unused = min === undefined ? `schedule.${name}.max` : key
    reader.warn(unused, `has no effect: the policy's own bounds already ensure it`)
  }
}
