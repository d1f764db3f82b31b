import type { Finding, Place, Severity } from './findings.ts'

/** What was checked. */
export interface Checked {
  readonly files: number
  /** Services with autoscaler labels. Absent: no engine could be reached. */
  readonly services?: number
}

/** The report for people: a line for each finding, and a summary. */
export function printText(findings: readonly Finding[], checked: Checked): readonly string[] {
  return [
    ...findings.map(({ where, severity, message }) => `${printPlace(where)}: ${severity}: ${message}`),
    summaryOf(findings, checked),
  ]
}

/** The report for programs, as one JSON object. `summary.services` is null if no engine could be reached. */
export function printJson(findings: readonly Finding[], checked: Checked): string {
  const summary = {
    errors: count(findings, 'error'),
    warnings: count(findings, 'warning'),
    notes: count(findings, 'note'),
    files: checked.files,
    services: checked.services ?? null,
  }
  return JSON.stringify({ findings, summary })
}

function printPlace(place: Place): string {
  if ('file' in place) return `${place.file}:${place.line}:${place.column}`
  if ('service' in place) return `service ${place.service}`
  return 'engine' in place ? place.engine : `prometheus ${place.prometheus}`
}

function summaryOf(findings: readonly Finding[], { files, services }: Checked): string {
  const found = [
    quantity(count(findings, 'error'), 'error'),
    quantity(count(findings, 'warning'), 'warning'),
  ].join(', ')
  const seen = services === undefined ? 'no services' : quantity(services, 'service')
  return `${found}; checked ${quantity(files, 'file')} and ${seen}.`
}

const count = (findings: readonly Finding[], severity: Severity) =>
  findings.filter((finding) => finding.severity === severity).length

const quantity = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`
