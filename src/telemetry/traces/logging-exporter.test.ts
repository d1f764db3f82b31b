import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { expect, it } from 'vitest'
import { createLogger } from '../logger.ts'
import { LoggingExporter } from './logging-exporter.ts'

it('says once that traces cannot be sent, and once that they can again', () => {
  const lines: Record<string, unknown>[] = []
  const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
  const failure = { code: ExportResultCode.FAILED, error: new Error('connect ECONNREFUSED') }
  const success = { code: ExportResultCode.SUCCESS }
  let next: ExportResult = success
  const exporter = new LoggingExporter(
    { export: (_spans, done) => done(next), shutdown: async () => {} },
    () => log,
  )
  const results: ExportResult[] = []
  for (next of [success, failure, failure, failure, success, success, failure])
    exporter.export([], (result) => results.push(result))
  expect(lines.map(({ level, msg, error }) => [level, msg, error])).toEqual([
    ['warn', 'traces not sent, see OTEL_EXPORTER_OTLP_ENDPOINT; scaling goes on', 'connect ECONNREFUSED'],
    ['info', 'traces sent again', undefined],
    ['warn', 'traces not sent, see OTEL_EXPORTER_OTLP_ENDPOINT; scaling goes on', 'connect ECONNREFUSED'],
  ])
  expect(results).toEqual([success, failure, failure, failure, success, success, failure])
})
