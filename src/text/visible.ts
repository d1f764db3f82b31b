/** What a terminal interprets or a reader cannot see: control characters except for tab and line breaks, line separators, and characters that set the direction of writing. */
const unseen = /[[\p{Cc}\p{Bidi_Control}\u2028\u2029]--[\t\n\r]]/gv

/** A text from outside, safe to show: invisible characters become a replacement character. */
export function visible(text: string): string {
  return text.toWellFormed().replace(unseen, '\ufffd')
}

/** JSON without anything that a terminal interprets or a reader cannot see. It parses to the same value. */
export function visibleJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
