import { stripVTControlCharacters } from 'node:util'
import { visibleJson } from '../../text/visible.ts'

const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
/** Characters that move the cursor, reorder or hide text. Joiners are kept: emoji and several scripts need them. */
const invisible = /[[\p{Cc}\p{Cf}]--[\u200c\u200d]]/gv

/** An untrusted text, made safe for a terminal: one line, without escape sequences and control characters. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).toWellFormed().replace(lineBreaks, ' ').replace(invisible, '')
}

/** An object as JSON on one line, with control characters escaped. */
export function jsonLine(value: unknown): string {
  return visibleJson(JSON.stringify(value))
}

/** At most two decimals. */
export function numberOf(value: number): string {
  return String(Math.round(value * 100) / 100)
}
