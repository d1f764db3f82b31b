import type { Direction } from './direction.ts'

/** By how much replicas change: a number of replicas, or a percentage of those there are (`50%` is `percent: 50`). */
export type Amount =
  | { readonly unit: 'replicas'; readonly value: number }
  | { readonly unit: 'percent'; readonly value: number }

const decimal = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * A finite number >= 0 as Prometheus prints it (`3`, `2.5`, `1e+06`, and `-0`, which is 0: `ceil` of a small negative number gives it).
 * Absent for all else, `NaN`, `+Inf`, hexadecimal and negative numbers among it.
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!decimal.test(trimmed)) return undefined
  const value = Number(trimmed)
  // Minus zero plus zero is zero.
  return value >= 0 && Number.isFinite(value) ? value + 0 : undefined
}

/** Of a whole number, as much as the arithmetic of floats may be beside it, as a share of it. */
const rounding = 1e-9

/** The next whole number, for a number >= 0. 3.0000000000000004 is what floats make of 3, and counts as 3. */
export function roundUp(exact: number): number {
  const nearest = Math.round(exact)
  return Math.abs(exact - nearest) <= rounding * nearest ? nearest : Math.ceil(exact)
}

function roundDown(exact: number): number {
  const nearest = Math.round(exact)
  return Math.abs(exact - nearest) <= rounding * nearest ? nearest : Math.floor(exact)
}

/** `2` or `50%`, both >= 0. Absent if the text is neither. */
export function parseAmount(text: string): Amount | undefined {
  const trimmed = text.trim()
  const isPercent = trimmed.endsWith('%')
  const value = parseNumber(isPercent ? trimmed.slice(0, -1) : trimmed)
  if (value === undefined) return undefined
  return { unit: isPercent ? 'percent' : 'replicas', value }
}

/**
 * The whole replicas that an amount means for a service of `replicas`: up rounds up, down rounds down.
 * An amount above 0 moves at least 1, so that a small percentage of a small service still moves it.
 */
export function replicasOf(amount: Amount, replicas: number, direction: Direction): number {
  if (amount.value === 0) return 0
  const exact = amount.unit === 'percent' ? (replicas * amount.value) / 100 : amount.value
  const whole = direction === 'up' ? roundUp(exact) : roundDown(exact)
  // A huge percentage of many replicas is beyond all numbers.
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(1, whole))
}
