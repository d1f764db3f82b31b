import cliTruncate from 'cli-truncate'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** The width of a text in columns. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** At most `width` columns of a text, with an ellipsis if it was cut. */
export function cutToWidth(text: string, width: number): string {
  return widthOf(text) <= width ? text : cliTruncate(text, width)
}

/** Pads a text to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Wraps a text between words into lines of at most `width` columns; a longer word is cut. Absent: one line. */
export function wrap(text: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [text]
  const words = text.split(' ').map((word) => cutToWidth(word, width))
  return wrapAnsi(words.join(' '), width).split('\n')
}
