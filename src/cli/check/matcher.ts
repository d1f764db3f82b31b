import { RE2JS } from 're2js'

/** One condition of a route. A label that an alert does not have counts as empty. */
export interface Matcher {
  readonly label: string
  readonly matches: (value: string) => boolean
}

type Operator = '=' | '!=' | '=~' | '!~'

const grammar =
  /^\s*(?:([A-Za-z_:][\w:]*)|"((?:[^"\\]|\\.)*)")\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*$/s

/**
 * Reads an entry of a `matchers:` list: `scale=~"up|down"`, or several as in `{scale="up", service!="web"}`.
 * Throws an `Error` with the part that cannot be read.
 *
 * Source of the rule: `ParseMatchers` of Alertmanager's `pkg/labels/parse.go`.
 */
export function parseMatchers(text: string): readonly Matcher[] {
  const list = text.trim().replace(/^\{/, '').replace(/\}$/, '')
  return splitAtCommas(list).map((part) => {
    const match = grammar.exec(part)
    if (match === null) throw new Error(`${part.trim()} is not a matcher such as scale="up"`)
    const [, bare, quoted = '', operator, text = '', plain] = match
    return makeMatcher(bare ?? withoutEscapes(quoted), operator as Operator, plain ?? withoutEscapes(text))
  })
}

/** Throws an `Error` if the operator needs a regular expression and the value is not one. */
export function makeMatcher(label: string, operator: Operator, value: string): Matcher {
  if (operator === '=') return { label, matches: (actual) => actual === value }
  if (operator === '!=') return { label, matches: (actual) => actual !== value }
  const pattern = compile(value)
  return { label, matches: (actual) => pattern.matches(actual) === (operator === '=~') }
}

/** Alertmanager uses RE2 expressions, and matches the whole value. */
function compile(text: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (cause) {
    throw new Error(`${text} is not a regular expression of RE2`, { cause })
  }
}

function splitAtCommas(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/gs) ?? []
  return parts.filter((part) => part.trim() !== '')
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character))
}
