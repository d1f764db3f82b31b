import {
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  SimpleSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { Traces } from '../../../src/telemetry/traces/traces.ts'

/** Traces whose spans are kept in memory. */
export function recordedTraces() {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(1) }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  const traces = new Traces(provider.getTracer('test'))
  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans()
  /** The spans of this name that have ended, in the order of their ends. */
  const named = (name: string) => spans().filter((span) => span.name === name)
  return { traces, spans, named }
}
