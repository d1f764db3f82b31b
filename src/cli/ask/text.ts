import { stripVTControlCharacters } from 'node:util'
import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import { visibleJson } from '../../text/unseen.ts'

const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
/** What moves the cursor, reorders or hides text. Joiners stay: emoji and several scripts need them. */
const unseen = /[[\p{Cc}\p{Cf}]--[\u200c\u200d]]/gv

/** A text of somebody else's, made safe for a terminal: on one line, without escape sequences and control characters. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).toWellFormed().replace(lineBreaks, ' ').replace(unseen, '')
}

/** How many columns a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** At most `width` columns of a text; an ellipsis says that there was more. */
export function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : cliTruncate(text, width)
}

/** Fills a text up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Breaks a text between words into lines of at most `width` columns; a word that is longer is cut. Absent: one line. */
export function wrap(text: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [text]
  const words = text.split(' ').map((word) => cut(word, width))
  return wrapAnsi(words.join(' '), width).split('\n')
}

/** An object on one line, with nothing in it that a terminal would obey. It means the same to whoever parses it. */
export function jsonLine(value: unknown): string {
  return visibleJson(JSON.stringify(value))
}

/** At most two decimals. */
export function numberOf(value: number): string {
  return String(Math.round(value * 100) / 100)
}
