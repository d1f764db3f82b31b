import { writeFileSync } from 'node:fs'
import { htmlReport } from '../../simulator/report/html.ts'
import { jsonReport } from '../../simulator/report/json.ts'
import type { ReportInput } from '../../simulator/report/summary.ts'
import { textReport } from '../../simulator/report/text.ts'
import type { Streams } from '../streams.ts'
import { UsageError } from '../usage-error.ts'

/** Prints the report, and writes the page if one is asked for. Throws `UsageError` if the page cannot be written. */
export function writeReport(
  input: ReportInput,
  { isJson, html }: { readonly isJson: boolean; readonly html?: string },
  streams: Streams,
): void {
  const lines = isJson ? [JSON.stringify(jsonReport(input))] : textReport(input)
  for (const line of lines) streams.out(line)
  if (html !== undefined) writeFile('--html', html, htmlReport(input))
}

/** Writes the file that an option names. Throws `UsageError` if it cannot be written. */
export function writeFile(option: string, path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`${option} "${path}" cannot be written: ${(error as Error).message}`)
  }
}
