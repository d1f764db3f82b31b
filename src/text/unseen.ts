/** What a terminal obeys or a reader cannot see: controls but for tab and line breaks, line separators, and what sets the direction of writing. */
const unseen = /[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\t\n\r]]/gv

/** A text of somebody else's as it may be shown: what would not be seen shows as a replacement character. */
export function visible(text: string): string {
  return text.toWellFormed().replace(unseen, '\ufffd')
}

/** JSON with nothing in it that a terminal would obey, or a reader not see. It means the same to whoever parses it. */
export function visibleJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
