import { type Direction, directions } from './direction.ts'

/** A hold that somebody put on automatic changes. */
export interface Pause {
  readonly directions: readonly Direction[]
  /** When it ends by itself, in ms since the epoch; at that very moment it is over. Absent: when the label goes. */
  readonly untilMs?: number
}

/** Whether changes in this direction are held at `nowMs`. */
export function isPaused(pause: Pause | undefined, direction: Direction, nowMs: number): boolean {
  if (pause === undefined || !pause.directions.includes(direction)) return false
  return pause.untilMs === undefined || nowMs < pause.untilMs
}

/** `true`, `up` or `down`, each with or without ` until <RFC 3339>`; `false` is no pause (null). Absent for all else. */
export function parsePause(
  text: string,
  parseInstant: (text: string) => number | undefined,
): Pause | null | undefined {
  const match = /^(true|false|up|down)(?: until (\S+))?$/.exec(text)
  if (match === null) return undefined
  const [, what, until] = match
  if (what === 'false') return until === undefined ? null : undefined
  const held = directions.filter((direction) => what === 'true' || what === direction)
  if (until === undefined) return { directions: held }
  const untilMs = parseInstant(until)
  return untilMs === undefined ? undefined : { directions: held, untilMs }
}
