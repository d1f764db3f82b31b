import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../logger.ts'

/** Logs once that traces cannot be sent, and once that they can again. */
export class LoggingExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #log: () => Logger
  #isFailing = false

  constructor(exporter: SpanExporter, log: () => Logger) {
    this.#exporter = exporter
    this.#log = log
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#report(result)
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  #report({ code, error }: ExportResult): void {
    const isFailing = code !== ExportResultCode.SUCCESS
    if (isFailing === this.#isFailing) return
    this.#isFailing = isFailing
    if (isFailing) {
      this.#log().warn(
        { error: error?.message },
        'traces not sent, see OTEL_EXPORTER_OTLP_ENDPOINT; scaling goes on',
      )
    } else this.#log().info('traces sent again')
  }
}
