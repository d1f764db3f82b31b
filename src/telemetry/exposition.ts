import { collectDefaultMetrics, Registry } from 'prom-client'

/** What a scrape is answered with. */
export interface Exposition {
  readonly contentType: string
  readonly body: string
}

/** Default metrics of the client whose names Prometheus' own linter refuses: gauges that end in `_total`. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** A registry that holds the runtime's own process metrics already. */
export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  return registry
}

/** The formats that a scrape can have, as content types, the one for whoever has no wish first. */
export const expositionTypes = [Registry.PROMETHEUS_CONTENT_TYPE, Registry.OPENMETRICS_CONTENT_TYPE] as const

/** All metrics in one of the formats of `expositionTypes`; in Prometheus' text for any other. */
export async function expose(registry: Registry, contentType: string): Promise<Exposition> {
  const chosen = contentType === Registry.OPENMETRICS_CONTENT_TYPE ? openMetricsOf(registry) : registry
  return { contentType: chosen.contentType, body: await chosen.metrics() }
}

/**
 * The same metrics behind a registry of the other format. That one renames counters as it prints them, so it gets views
 * with a name of their own, and leaves the real ones as they are.
 */
function openMetricsOf(registry: Registry): Registry {
  const other = new Registry()
  other.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
  for (const metric of registry.getMetricsAsArray()) {
    const { name } = metric as unknown as { readonly name: string }
    other.registerMetric(Object.create(metric, { name: { value: name, writable: true } }))
  }
  return other
}
