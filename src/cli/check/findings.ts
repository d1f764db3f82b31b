/** Where a finding is. */
export type Place =
  /** Line and column count from 1. */
  | { readonly file: string; readonly line: number; readonly column: number }
  | { readonly service: string }
  | { readonly engine: string }
  /** The address of Prometheus. */
  | { readonly prometheus: string }

/** The rules, by the names that `--json` and docs/check.md use. */
export const findingRules = [
  'unreadable-file',
  'unparsable-file',
  'wrong-shape',
  'alert-without-scale',
  'alert-without-service',
  'templated-service',
  'unknown-scale',
  'to-without-replicas',
  'replicas-not-a-number',
  'step-not-an-amount',
  'target-without-rule',
  'forecast-without-rule',
  'alert-not-routed',
  'group-by-without-service',
  'alert-forgotten',
  'slow-repeat',
  'slow-group-wait',
  'slow-group-interval',
  'no-send-resolved',
  'max-alerts',
  'cooldown-below-interval',
  'policy-file',
  'invalid-policy',
  'policy-warning',
  'not-replicated',
  'not-enabled',
  'excluded',
  'only-without-service',
  'services-not-checked',
  'prometheus-unreachable',
  'receiver-not-scraped',
  'cadvisor-without-containers',
  'target-without-data',
  'short-retention',
] as const
export type FindingRule = (typeof findingRules)[number]

/** `error`: does not work. `warning`: works, but probably not as intended. `note`: could not be checked. */
export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  readonly severity: Severity
  readonly where: Place
  readonly rule: FindingRule
  /** What is wrong and what would be right, in one line. */
  readonly message: string
}

/** Rules about a file that could not be checked at all. */
const unusable: ReadonlySet<FindingRule> = new Set<FindingRule>(['unreadable-file', 'unparsable-file'])

/** Whether the finding is that a file could not be read, or is not YAML. */
export function isUnusableFile({ rule }: Finding): boolean {
  return unusable.has(rule)
}

/** The findings without duplicates, sorted: files in the order of `files` and from top to bottom, then services by name. */
export function arrange(findings: readonly Finding[], files: readonly string[]): readonly Finding[] {
  const once = new Map(findings.map((finding) => [JSON.stringify(finding), finding]))
  return [...once.values()].toSorted((a, b) => comparePlaces(a.where, b.where, files))
}

function comparePlaces(a: Place, b: Place, files: readonly string[]): number {
  if ('file' in a && 'file' in b) {
    return files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column
  }
  if ('service' in a && 'service' in b) return a.service < b.service ? -1 : a.service > b.service ? 1 : 0
  return rank(a) - rank(b)
}

function rank(place: Place): number {
  return 'file' in place ? 0 : 'engine' in place ? 1 : 2
}
