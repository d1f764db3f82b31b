import { writeFileSync } from 'node:fs'
import type { Subject } from '../../simulator/report/facts.ts'
import { htmlReport } from '../../simulator/report/html.ts'
import { jsonReport } from '../../simulator/report/json.ts'
import { textReport } from '../../simulator/report/text.ts'
import type { Streams } from '../streams.ts'
import { UsageError } from './usage-error.ts'

/** Tells what was found in the way that was asked for. Throws `UsageError` where the page cannot be written. */
export function report(
  subject: Subject,
  { isJson, html }: { readonly isJson: boolean; readonly html?: string },
  streams: Streams,
): void {
  const lines = isJson ? [JSON.stringify(jsonReport(subject))] : textReport(subject)
  for (const line of lines) streams.out(line)
  if (html === undefined) return
  try {
    writeFileSync(html, htmlReport(subject))
  } catch (error) {
    throw new UsageError(`--html "${html}" cannot be written: ${(error as Error).message}`)
  }
}
