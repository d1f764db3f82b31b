import { parseNumber } from '../domain/amount.ts'
import { parseDurationMs } from '../domain/duration.ts'
import { UsageError } from './usage-error.ts'

/** The text of an option that takes one. Absent: the option was not given. */
export function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** A number >= 0. Absent: the option was not given. Throws `UsageError`, as all of these do. */
export function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = parseNumber(text)
  if (value === undefined) throw new UsageError(`${name} "${text}" must be a number >= 0`)
  return value
}

/** A number > 0. Absent: the option was not given. */
export function positive(name: string, text: string | undefined): number | undefined {
  const value = number(name, text)
  if (value === 0) throw new UsageError(`${name} "${text}" must be a number > 0`)
  return value
}

/** A whole number >= 0. Absent: the option was not given. */
export function whole(name: string, text: string | undefined): number | undefined {
  const value = number(name, text)
  if (value !== undefined && !Number.isInteger(value))
    throw new UsageError(`${name} "${text}" must be a whole number`)
  return value
}

/** A duration in whole seconds. */
export function seconds(name: string, text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined || ms % 1_000 !== 0) {
    throw new UsageError(`${name} "${text}" must be a duration in whole seconds, such as 15s, 5m or 30d`)
  }
  return ms / 1_000
}

/** A time in RFC 3339, in ms since the epoch. */
export function timeMs(name: string, text: string): number {
  const ms = Date.parse(text)
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(ms)) {
    throw new UsageError(`${name} "${text}" must be a time such as 2026-01-15T12:00:00Z`)
  }
  return ms
}
