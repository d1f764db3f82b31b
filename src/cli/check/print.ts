import type { Finding, Place, Severity } from './findings.ts'

/** What was looked at. */
export interface Looked {
  readonly files: number
  /** Services that carry a label of the autoscaler. Absent where no engine could be asked. */
  readonly services?: number
}

/** The report for people: a line for each finding, and a summary. */
export function printText(findings: readonly Finding[], looked: Looked): readonly string[] {
  return [
    ...findings.map(({ where, severity, message }) => `${printPlace(where)}: ${severity}: ${message}`),
    summaryOf(findings, looked),
  ]
}

/** The report for programs, as one JSON object. `summary.services` is null where no engine could be asked. */
export function printJson(findings: readonly Finding[], looked: Looked): string {
  const summary = {
    errors: count(findings, 'error'),
    warnings: count(findings, 'warning'),
    notes: count(findings, 'note'),
    files: looked.files,
    services: looked.services ?? null,
  }
  return JSON.stringify({ findings, summary })
}

function printPlace(place: Place): string {
  if ('file' in place) return `${place.file}:${place.line}:${place.column}`
  if ('service' in place) return `service ${place.service}`
  return 'engine' in place ? place.engine : `prometheus ${place.prometheus}`
}

function summaryOf(findings: readonly Finding[], { files, services }: Looked): string {
  const found = [
    quantity(count(findings, 'error'), 'error'),
    quantity(count(findings, 'warning'), 'warning'),
  ].join(', ')
  const seen = services === undefined ? 'no services' : quantity(services, 'service')
  return `${found}; looked at ${quantity(files, 'file')} and ${seen}.`
}

const count = (findings: readonly Finding[], severity: Severity) =>
  findings.filter((finding) => finding.severity === severity).length

const quantity = (number: number, thing: string) => `${number} ${thing}${number === 1 ? '' : 's'}`
