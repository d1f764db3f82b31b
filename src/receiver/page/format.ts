import { type Html, html } from '../../text/html.ts'

const secondMs = 1_000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/**
 * A length of time in at most two units, rounded down: `43 s`, `2 min 5 s`, `1 h 12 min`, `3 d 4 h`. No line break
 * between a number and its unit.
 */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / secondMs))
  if (seconds < 60) return `${seconds}\u00a0s`
  if (ms < hourMs) return twoUnits(ms, minuteMs, 'min', secondMs, 's')
  if (ms < dayMs) return twoUnits(ms, hourMs, 'h', minuteMs, 'min')
  return twoUnits(ms, dayMs, 'd', hourMs, 'h')
}

function twoUnits(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % largeMs) / smallMs)
  return `${Math.floor(ms / largeMs)}\u00a0${large}${rest === 0 ? '' : ` ${rest}\u00a0${small}`}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const twoDigits = (value: number) => String(value).padStart(2, '0')

/** A time in UTC, as in `24 Nov, 19:50:51`. */
function inUtc(date: Date): string {
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':')
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}, ${clock}`
}

/** Times beyond this cannot be a date, ms since the epoch. */
const lastMs = 8.64e15

/** A point in time in UTC, which the script turns into the time zone of the reader. */
export function at(ms: number): Html {
  const date = new Date(Math.min(Math.max(ms, -lastMs), lastMs))
  return html`<time datetime="${date.toISOString()}" data-time="at">${inUtc(date)}</time>`
}

/** How long ago it was; the script counts on. */
export function ago(ms: number, nowMs: number): Html {
  return html`<time datetime="${isoOf(ms)}" data-time="ago">${span(nowMs - ms)} ago</time>`
}

/** How long it takes until then; the script counts down. */
export function left(untilMs: number, nowMs: number): Html {
  return html`<time datetime="${isoOf(untilMs)}" data-time="left">${span(untilMs - nowMs)}</time>`
}

function isoOf(ms: number): string {
  return new Date(Math.min(Math.max(ms, -lastMs), lastMs)).toISOString()
}

const format = (least: number, most: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: least, maximumFractionDigits: most })
// To make one takes far longer than to use it.
const upToTwo = format(0, 2)
const exactly = { 0: format(0, 0), 1: format(1, 1), 2: format(2, 2) } as const
const twoToFour = format(2, 4)

/** A number with at most two digits after the point, thousands set off: `1,234.5`. */
export function number(value: number): string {
  return formatted(upToTwo, value)
}

/** A number with exactly so many digits after the point, so that a column of them lines up. */
export function fixed(value: number, digits: 0 | 1 | 2): string {
  return formatted(exactly[digits], value)
}

/** Money with two digits after the point, and with up to four where two would show little of it. */
export function money(value: number, currency: string): string {
  const amount = formatted(Math.abs(value) < 1 ? twoToFour : exactly[2], value)
  return currency === '' ? amount : `${amount} ${currency}`
}

/** A share from 0 to 1 in percent: `97 %`. Rounded down, so that only the whole is 100 %. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}

/** A text that is not longer than `most` characters; what is cut off shows as an ellipsis. */
export function shortened(text: string, most: number): string {
  const characters = text.length > most ? [...text.slice(0, most * 2 + 2)] : []
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}\u2026` : text
}

/** `1 replica`, `2 replicas`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

function formatted(numberFormat: Intl.NumberFormat, value: number): string {
  // Rounded to nothing, a negative number would keep its sign.
  return numberFormat
    .format(value)
    .replace(/^-(?=[0.]+$)/, '')
    .replace('-', '\u2212')
}
