/** What a template may contain. Text is escaped, lists are joined, absent and false are omitted. */
export type Content = Html | string | number | false | undefined | readonly Content[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup that is safe to send. Only `html` creates it. */
export class Html {
  readonly #markup: string

  private constructor(markup: string) {
    this.#markup = markup
  }

  /** The markup of a template, with its contents escaped. */
  static of(strings: readonly string[], contents: readonly Content[]): Html {
    let markup = strings[0] ?? ''
    contents.forEach((content, index) => {
      markup += markupOf(content) + (strings[index + 1] ?? '')
    })
    return new Html(markup)
  }

  toString(): string {
    return this.#markup
  }
}

/**
 * A template of markup. Its contents are text and are escaped, unless they come from such a template. Attributes with contents
 * must be in double quotes.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return Html.of(strings, contents)
}

/** Markup with a line break between its parts. */
export function joinLines(parts: readonly Html[]): Html {
  return html`${parts.flatMap((part, index) => (index === 0 ? [part] : ['\n', part]))}`
}

function markupOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.toString()
  if (typeof content === 'object') return content.map(markupOf).join('')
  return escaped(String(content))
}

/**
 * Invisible characters that change how others are shown: control characters, and those that set the direction of writing. With
 * them one name could look like another. Tab and line feed are kept.
 */
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** A text for markup. Invisible characters become a replacement character. */
function escaped(text: string): string {
  const seen = text
    .toWellFormed()
    .replace(unseen, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'))
  return seen.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
