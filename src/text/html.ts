import { escapeHtml } from './escape-html.ts'

/** What may stand between the tags of a template: text is escaped, lists are joined, and what is absent or false is left out. */
export type Content = Html | string | number | false | undefined | readonly Content[]

/** Markup that is safe to send: only `html` makes it. */
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
 * A template of markup. Whatever is put into it is text, and escaped, unless it comes from such a template itself. Attributes
 * that take contents must be in double quotes.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return Html.of(strings, contents)
}

function markupOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.toString()
  if (typeof content === 'object') return content.map(markupOf).join('')
  return escaped(String(content))
}

/**
 * Characters that show nothing and change how others are shown: controls but for tab and line feed, and what sets the direction
 * of writing. A name could pass for another by them.
 */
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** A text as it may stand in markup. What would not be seen shows as a replacement character. */
function escaped(text: string): string {
  const seen = text
    .toWellFormed()
    .replace(unseen, (character) => (character === '\n' || character === '\t' ? character : '\ufffd'))
  return escapeHtml(seen)
}
