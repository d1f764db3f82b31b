import { Cron } from 'croner'
import { defined } from './defined.ts'

/** A window of time in which other bounds hold. */
export interface Schedule {
  /** The `<name>` of its labels. */
  readonly name: string
  /** When it opens, as a cron pattern of five fields. */
  readonly start: string
  /** When it closes: at the runs of a pattern, or this long after it opened (in ms, > 0). */
  readonly end:
    | { readonly kind: 'cron'; readonly cron: string }
    | { readonly kind: 'duration'; readonly durationMs: number }
  /** IANA name of the time zone of both patterns. Default UTC. */
  readonly timezone: string
  /** Floor while it is open. Absent: none. */
  readonly min?: number
  /** Most replicas while it is open, in place of the policy's. Absent: the policy's. */
  readonly max?: number
}

/** Whether a window is open at one moment. */
export interface ScheduleState {
  readonly isOpen: boolean
  /** When it opens or closes next, in ms since the epoch. Absent: never again. */
  readonly nextChangeMs?: number
}

/**
 * Whether a window is open at `nowMs`: it is when its last start is later than its last end, the start included, the end not.
 *
 * Daylight saving, as croner has it: a time that the clock skips runs when the skipping ends; a time that comes twice runs
 * the first time.
 */
export function scheduleState(schedule: Schedule, nowMs: number): ScheduleState {
  const known = lastFound.get(schedule)
  if (known !== undefined && known.fromMs <= nowMs && nowMs < known.untilMs) return known.state
  const found = findState(schedule, nowMs)
  lastFound.set(schedule, found)
  return found.state
}

/** A state, and the time in which it is the answer: none of the window's patterns runs in it. */
interface Found {
  readonly state: ScheduleState
  readonly fromMs: number
  readonly untilMs: number
}

/** Finding a state takes a tenth of a millisecond or more: too slow for each moment of a month. */
const lastFound = new WeakMap<Schedule, Found>()

function findState(schedule: Schedule, nowMs: number): Found {
  const state = stateAt(schedule, nowMs)
  const changeMs = state.nextChangeMs ?? Number.POSITIVE_INFINITY
  // A window that opens anew while it is open closes later than was thought.
  const reopensMs =
    state.isOpen && schedule.end.kind === 'duration'
      ? nextRunMs(cronOf(schedule.start, schedule.timezone), nowMs)
      : undefined
  return { state, fromMs: nowMs, untilMs: Math.min(changeMs, reopensMs ?? changeMs) }
}

function stateAt(schedule: Schedule, nowMs: number): ScheduleState {
  const start = cronOf(schedule.start, schedule.timezone)
  const lastStartMs = lastRunMs(start, nowMs)
  if (lastStartMs === undefined) return defined({ isOpen: false, nextChangeMs: nextRunMs(start, nowMs) })
  if (schedule.end.kind === 'duration') {
    const endMs = lastStartMs + schedule.end.durationMs
    const isOpen = nowMs < endMs
    return defined({ isOpen, nextChangeMs: isOpen ? endMs : nextRunMs(start, nowMs) })
  }
  const end = cronOf(schedule.end.cron, schedule.timezone)
  const isOpen = lastStartMs > (lastRunMs(end, nowMs) ?? Number.NEGATIVE_INFINITY)
  return defined({ isOpen, nextChangeMs: nextRunMs(isOpen ? end : start, nowMs) })
}

/** Whether the text is a cron pattern of five fields that ever runs. */
export function isCron(text: string): boolean {
  // The library takes nicknames such as @daily as well.
  if (text.trim().split(/\s+/).length !== 5) return false
  try {
    return cronOf(text, 'UTC').nextRun() !== null
  } catch {
    return false
  }
}

/** Whether the text is the IANA name of a time zone. */
export function isTimezone(text: string): boolean {
  // The runtime takes offsets such as +02:00 as well, which know nothing of daylight saving.
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** Whether two patterns always run at the same time, as far as their next runs show. */
export function runAlike(a: string, b: string, nowMs: number): boolean {
  const runs = (pattern: string) => cronOf(pattern, 'UTC').nextRuns(10, new Date(nowMs)).map(Number).join()
  return runs(a) === runs(b)
}

function cronOf(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, mode: '5-part', paused: true })
}

/** The last run at `nowMs` or before. The library searches strictly before its reference, hence one ms later. */
function lastRunMs(cron: Cron, nowMs: number): number | undefined {
  return cron.previousRuns(1, new Date(nowMs + 1))[0]?.getTime()
}

function nextRunMs(cron: Cron, nowMs: number): number | undefined {
  return cron.nextRun(new Date(nowMs))?.getTime()
}
