import { type Amount, parseAmount, parseNumber } from '../domain/amount.ts'
import { formatDuration, parseDurationMs } from '../domain/duration.ts'
import {
  type ForecastLookAheadMs,
  type ForecastPeriod,
  forecastLookAheadsMs,
  forecastPeriods,
} from '../domain/forecast.ts'
import { type Pause, parsePause } from '../domain/pause.ts'
import type { MaxStep } from '../domain/policy.ts'
import { isCron, isTimezone } from '../domain/schedule.ts'
import { parseBytes } from '../domain/size.ts'

/** How one kind of label value is parsed. */
export interface ValueKind<T> {
  /** What is allowed, for the message about an invalid value. */
  readonly allowed: string
  /** The value. Absent: the text is not allowed. */
  readonly parse: (text: string) => T | undefined
}

export const boolean: ValueKind<boolean> = {
  allowed: 'true or false',
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

export const replicas = (min: number): ValueKind<number> => ({
  allowed: `a whole number >= ${min}`,
  parse: (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : undefined
    return value !== undefined && value >= min ? value : undefined
  },
})

/** A longer duration is a mistake, and at some point no date can represent it. */
const longestMs = 366 * 86_400_000

export const duration: ValueKind<number> = {
  allowed: 'a duration such as 30s, 5m or 1h30m, at most one year',
  parse: (text) => atMost(longestMs, parseDurationMs(text)),
}

export const positiveDuration: ValueKind<number> = {
  allowed: 'a duration above 0 such as 30m or 8h, at most one year',
  parse: (text) => positive(duration.parse(text)),
}

export const cron: ValueKind<string> = {
  allowed: 'a cron pattern of five fields such as 0 8 * * 1-5',
  parse: (text) => (isCron(text) ? text : undefined),
}

export const timezone: ValueKind<string> = {
  allowed: 'the IANA name of a time zone such as Europe/Berlin',
  parse: (text) => (isTimezone(text) ? text : undefined),
}

/** Null: no pause. */
export const pause: ValueKind<Pause | null> = {
  allowed: 'true, up, down or false; the first three may have an end, such as: up until 2026-01-31T08:00:00Z',
  parse: (text) => parsePause(text, instant.parse),
}

export const onRedeploy: ValueKind<'restore' | 'accept'> = {
  allowed: 'restore or accept',
  parse: (text) => (text === 'restore' || text === 'accept' ? text : undefined),
}

export const forecastPeriod: ValueKind<ForecastPeriod> = {
  allowed: forecastPeriods.join(' or '),
  parse: (text) => forecastPeriods.find((period) => period === text),
}

/** In ms. */
export const lookAhead: ValueKind<ForecastLookAheadMs> = {
  allowed: `one of ${forecastLookAheadsMs.map(formatDuration).join(', ')}: the rules compute these only`,
  parse: (text) => {
    const ms = parseDurationMs(text)
    return forecastLookAheadsMs.find((allowedMs) => allowedMs === ms)
  },
}

export const step: ValueKind<Amount> = {
  allowed: 'a whole number >= 1 such as 2, or a percentage above 0 such as 50%',
  parse: parseStep,
}

export const maxStep: ValueKind<MaxStep> = {
  allowed: 'a step such as 4 or 100%, or both such as 4,100% (the larger limit counts)',
  parse: (text) => {
    const [first, second, ...more] = text.split(',').map(parseStep)
    if (first === undefined || more.length > 0) return undefined
    if (!text.includes(',')) return [first]
    return second === undefined || second.unit === first.unit ? undefined : [first, second]
  },
}

/** >= 0. */
export const price: ValueKind<number> = { allowed: 'a number >= 0', parse: parseNumber }

export const positiveNumber: ValueKind<number> = {
  allowed: 'a number above 0',
  parse: (text) => positive(parseNumber(text)),
}

/** As a ratio: `70%` is 0.7. */
export const percent: ValueKind<number> = {
  allowed: 'a percentage above 0 such as 70%',
  parse: (text) => {
    const value = text.endsWith('%') ? positive(parseNumber(text.slice(0, -1))) : undefined
    return value === undefined ? undefined : value / 100
  },
}

export const bytes: ValueKind<number> = {
  allowed: 'a size above 0 such as 50MB or 1GiB',
  parse: (text) => positive(parseBytes(text)),
}

/** In seconds: `500ms` is 0.5. */
export const seconds: ValueKind<number> = {
  allowed: 'a duration above 0 such as 500ms or 2s',
  parse: (text) => {
    const ms = positive(parseDurationMs(text))
    return ms === undefined ? undefined : ms / 1_000
  },
}

/** In ms since the epoch. A day that the month does not have is invalid, not the next day. */
export const instant: ValueKind<number> = {
  allowed: 'a time in RFC 3339 format, such as 2026-01-31T08:00:00Z',
  parse: (text) => {
    const match = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text)
    if (match === null) return undefined
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
    if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined
    const ms = Date.parse(text)
    return Number.isNaN(ms) ? undefined : ms
  },
}

function atMost(most: number, value: number | undefined): number | undefined {
  return value !== undefined && value <= most ? value : undefined
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined
}

function parseStep(text: string): Amount | undefined {
  const amount = parseAmount(text)
  if (amount === undefined || amount.value === 0) return undefined
  return amount.unit === 'replicas' && !Number.isInteger(amount.value) ? undefined : amount
}
