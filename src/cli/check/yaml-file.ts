import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { YamlDocument, type YamlPath } from '../../policy/yaml-document.ts'
import type { Finding, FindingRule, Place } from './findings.ts'

/** A YAML file with the places of its values. */
export interface YamlFile<T> {
  readonly data: T
  /** The place of the value at this path; if it is absent, that of the nearest value around it. */
  readonly at: (path: YamlPath) => Place
}

/** A file, or all of its faults. */
export type YamlReading<T> =
  | { readonly kind: 'read'; readonly file: YamlFile<T> }
  | { readonly kind: 'faulty'; readonly findings: readonly Finding[] }

/**
 * Reads a YAML file of this shape. Every scalar is read as text, `yes` and `3` too: the schema decides on its type, since Prometheus and
 * Alertmanager decide by the field. `uniqueKeys`: whether a duplicate key is a fault.
 */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>): YamlReading<T> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return faulty([unreadable(path, (error as Error).message)])
  }
  const yaml = new YamlDocument(text, { schema: 'failsafe', merge: true })
  const at = (inside: YamlPath): Place => ({ file: path, ...yaml.placeAt(inside) })
  const error = (rule: FindingRule, where: Place, message: string): Finding => ({
    severity: 'error',
    where,
    rule,
    message,
  })
  if (yaml.faults.length > 0) {
    return faulty(
      yaml.faults.map(({ line, column, message }) =>
        error('unparsable-file', { file: path, line, column }, message),
      ),
    )
  }
  let data: unknown
  try {
    data = yaml.document.toJS()
  } catch (thrown) {
    // An alias without an anchor, or too many of them.
    return faulty([error('unparsable-file', at([]), (thrown as Error).message)])
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return { kind: 'read', file: { data: parsed.data, at } }
  return faulty(
    parsed.error.issues.map((issue) => error('wrong-shape', at(issue.path as YamlPath), describe(issue))),
  )
}

const shapes: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
}

function describe(issue: z.core.$ZodIssue): string {
  const subject = issue.path.length === 0 ? 'the file' : issue.path.join('.')
  if (issue.code !== 'invalid_type') return `${subject} ${issue.message}`
  return `${subject} must be ${shapes[issue.expected] ?? issue.expected}`
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
