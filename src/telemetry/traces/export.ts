import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from '../logger.ts'
import type { TraceSettings } from '../ports.ts'
import { LoggingExporter } from './logging-exporter.ts'
import { Traces } from './traces.ts'

/** Traces that are sent to a collector. */
export interface SentTraces {
  readonly traces: Traces
  /** Sends what waits. Resolves within seconds, whether or not the collector is there. */
  readonly stop: () => Promise<void>
}

/** Most that sending a batch may take, in ms, with all that is tried again: nothing else bounds how long a stop waits for it. */
const exportTimeoutMs = 2_000

/**
 * Begins to send traces to the collector that the standard variables of OpenTelemetry name. The SDK reads those itself: the address,
 * headers and certificates, and what the resource is called.
 */
export function sendTraces(
  { fraction, followsCaller }: TraceSettings,
  version: string,
  log: () => Logger,
): SentTraces {
  const root = new TraceIdRatioBasedSampler(fraction)
  const exporter = new OTLPTraceExporter({ timeoutMillis: exportTimeoutMs })
  const provider = new TracerProvider({
    sampler: followsCaller ? new ParentBasedSampler({ root }) : root,
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'swarm-autoscaler', 'service.version': version }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new LoggingExporter(exporter, log) })],
  })
  const traces = new Traces(provider.getTracer('swarm-autoscaler', version))
  // What could not be sent was logged.
  return { traces, stop: () => provider.shutdown().catch(() => {}) }
}
