import { stripVTControlCharacters } from 'node:util'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import { visibleJson } from '../../text/unseen.ts'

const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
/** Characters that move the cursor, reorder or hide text. Joiners are kept: emoji and several scripts need them. */
const invisible = /[[\p{Cc}\p{Cf}]--[\u200c\u200d]]/gv

/** An untrusted text, made safe for a terminal: one line, without escape sequences and control characters. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).toWellFormed().replace(lineBreaks, ' ').replace(invisible, '')
}

/** The width of a text in columns. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** At most `width` columns of a text, with an ellipsis if it was cut. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : cliTruncate(text, width)
}

/** Pads a text to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Wraps a text between words into lines of at most `width` columns; a longer word is cut. Absent: one line. */
export function wrap(text: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [text]
  const words = text.split(' ').map((word) => cut(word, width))
  return wrapAnsi(words.join(' '), width).split('\n')
}

/** An object as JSON on one line, with control characters escaped. */
export function jsonLine(value: unknown): string {
  return visibleJson(JSON.stringify(value))
}

/** At most two decimals. */
export function numberOf(value: number): string {
  return String(Math.round(value * 100) / 100)
}
