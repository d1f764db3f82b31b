const token =
  /(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<=(?:^|[=(,:[!&|?{};>]|\breturn)\s*)\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|[\s\S]/y
/** A part of a template, up to its end or to the next expression. */
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y
/** Attributes of HTML that nobody reads. */
const attribute =
  /\b(?:class|id|for|href|src|name|role|data-[\w-]+|aria-(?:labelledby|controls|describedby))="[^"]*"/g

/**
 * The source with all but the text of its string literals struck out, each character where it was: code and comments become `x`, the ends
 * of a literal `\0`. A literal of one word is a name, and struck out too.
 */
export function literalsOnly(source: string): string {
  const braces = new Braces()
  let struck = ''
  const next = (pattern: RegExp) => {
    pattern.lastIndex = struck.length
    return pattern.exec(source)?.[0] ?? ''
  }
  while (struck.length < source.length) {
    const text = next(token)
    struck += strikeOutCode(text)
    if (!braces.leadIntoTemplate(text)) continue
    const part = next(templatePart)
    struck += strikeOutEnd(part)
    if (part.endsWith('${')) braces.beginExpression()
  }
  return struck
}

/** Knows which brace ends an expression in a template. */
class Braces {
  /** How many are open: in the code around, and in each expression under way. */
  private readonly open: number[] = [0]

  beginExpression(): void {
    this.open.push(0)
  }

  /** Whether the text of a template follows this token. */
  leadIntoTemplate(token: string): boolean {
    const open = this.open.at(-1) ?? 0
    if (token === '{') this.open[this.open.length - 1] = open + 1
    if (token !== '}') return token === '`'
    if (open > 0) this.open[this.open.length - 1] = open - 1
    else this.open.pop()
    return open === 0
  }
}

export function strikeOut(text: string): string {
  return text.replaceAll(/[^\n]/g, 'x')
}

function strikeOutCode(text: string): string {
  if (text === '`') return '\0'
  return /^['"]./.test(text) ? `\0${readable(text.slice(1, -1))}\0` : strikeOut(text)
}

function strikeOutEnd(part: string): string {
  return part.endsWith('${') ? `${readable(part.slice(0, -2))}xx` : `${readable(part.slice(0, -1))}\0`
}

function readable(literal: string): string {
  return literal.includes(' ') ? literal.replaceAll(attribute, strikeOut) : strikeOut(literal)
}
