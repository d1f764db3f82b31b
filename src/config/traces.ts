import { z } from 'zod'
import type { TraceSettings } from '../telemetry/ports.ts'
import { type Environment, quoted, SettingsError } from './load.ts'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

const endpoint = z
  .string()
  .refine(
    (text) => ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be the address of a collector for OTLP over HTTP, such as http://otel-collector:4318',
  )

const protocol = z
  .string()
  .refine(
    (text) => text.startsWith('http/'),
    'must be http/json; use the HTTP port of the collector, usually 4318',
  )

/** Empty counts as not set, by the specification of OpenTelemetry. */
const variables = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol.optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(samplers, `must be one of ${samplers.join(', ')}`)
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .default('1')
    .transform(Number)
    .refine((value) => value >= 0 && value <= 1, 'must be a number from 0 to 1'),
})

/**
 * Which traces are sent, by the variables that all SDKs of OpenTelemetry have. Absent: none, because no collector is set, or because of
 * `OTEL_SDK_DISABLED=true` or `OTEL_TRACES_EXPORTER=none`. Throws `SettingsError` with all faults.
 *
 * The SDK itself reads the other variables (address, headers, certificates, resource) from `process.env`.
 */
export function readTraceSettings(environment: Environment): TraceSettings | undefined {
  const set = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== ''))
  if (set['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || set['OTEL_TRACES_EXPORTER'] === 'none') return
  if (!(set['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? set['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])) return
  const read = variables.safeParse(set)
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => {
      const name = String(path[0])
      return `${name}=${quoted(set[name] ?? '')}: ${message}`
    })
    throw new SettingsError(faults)
  }
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio } = read.data
  const followsCaller = sampler.startsWith('parentbased_')
  if (sampler.endsWith('always_off')) return { fraction: 0, followsCaller }
  return { fraction: sampler.endsWith('traceidratio') ? ratio : 1, followsCaller }
}
