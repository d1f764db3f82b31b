import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Finding, Place } from './findings.ts'

export type YamlPath = readonly (string | number)[]

/** A YAML file whose values know where they stand. */
export interface YamlFile<T> {
  readonly data: T
  /** Where the value at this path stands; of one that is not there, the nearest thing around it. */
  readonly at: (path: YamlPath) => Place
}

/** A file as it was read, or all that is wrong with it at once. */
export type YamlReading<T> =
  | { readonly kind: 'read'; readonly file: YamlFile<T> }
  | { readonly kind: 'faulty'; readonly findings: readonly Finding[] }

/**
 * Reads a YAML file of this shape. Every scalar comes as the text that is written, `yes` and `3` too: what it means is for
 * the schema to say, since Prometheus and Alertmanager decide by the field. `uniqueKeys`: whether a key given twice is a fault.
 */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>, uniqueKeys = true): YamlReading<T> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return faulty([unreadable(path, (error as Error).message)])
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    uniqueKeys,
    lineCounter: lines,
    prettyErrors: false,
  })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file: path, line, column: col }
  }
  if (document.errors.length > 0) {
    return faulty(
      document.errors.map(({ pos, message }) => ({
        severity: 'error',
        where: place(pos[0]),
        rule: 'unparsable-file',
        message,
      })),
    )
  }
  const at = (inside: YamlPath): Place => {
    for (let length = inside.length; length > 0; length -= 1) {
      const node = document.getIn(inside.slice(0, length), true)
      if (isNode(node) && node.range) return place(node.range[0])
    }
    return place(document.contents?.range?.[0] ?? 0)
  }
  let data: unknown
  try {
    data = document.toJS()
  } catch (error) {
    // An alias of nothing, or of far too much.
    const { message } = error as Error
    return faulty([{ severity: 'error', where: at([]), rule: 'unparsable-file', message }])
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return { kind: 'read', file: { data: parsed.data, at } }
  return faulty(
    parsed.error.issues.map((issue) => ({
      severity: 'error',
      where: at(issue.path as YamlPath),
      rule: 'wrong-shape',
      message: `${issue.path.length === 0 ? 'the file' : issue.path.join('.')} ${inWords(issue)}`,
    })),
  )
}

const shapes: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message
  return `must be ${shapes[issue.expected] ?? issue.expected}`
}

/** The finding for a file that cannot be read. */
export function unreadable(path: string, message: string): Finding {
  return {
    severity: 'error',
    where: { file: path, line: 1, column: 1 },
    rule: 'unreadable-file',
    message,
  }
}

const faulty = (findings: readonly Finding[]) => ({ kind: 'faulty' as const, findings })
