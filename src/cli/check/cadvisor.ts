import { assertNever } from '../../domain/assert-never.ts'
import type { Finding } from './findings.ts'
import type { CheckPorts } from './ports.ts'

/** What Prometheus has from cAdvisor. */
export type CadvisorState =
  | { readonly kind: 'not-scraped' }
  /** It is scraped, but has no container of a Swarm service. */
  | { readonly kind: 'no-containers' }
  /** The services that it has containers of. */
  | { readonly kind: 'containers'; readonly services: ReadonlySet<string> }

/** The signals that cAdvisor measures. */
export const cadvisorSignals: ReadonlySet<string> = new Set(['cpu', 'memory', 'network'])

const serviceLabel = 'container_label_com_docker_swarm_service_name'
const families = 'container_(?:cpu_usage_seconds_total|memory_working_set_bytes|network_receive_bytes_total)'
/** By service; series without one, such as cAdvisor's version and the root cgroup, have an empty name. */
const containers = `count by (${serviceLabel}) (cadvisor_version_info or {__name__=~"${families}"})`

/** How to make cAdvisor find the containers. */
const remedy =
  "on Docker 29 it needs a version above 0.53, and containerd's socket at /run/containerd/containerd.sock, which the mount /var/run:/var/run:ro has" +
  " if containerd is the system's own; --containerd-namespace=moby hides the names of the services; see docs/runbooks/SwarmServiceNotMeasured.md"

/** Queries Prometheus for the services that cAdvisor has containers of now. */
export async function queryCadvisor(
  address: string,
  query: CheckPorts['queryPrometheus'],
): Promise<CadvisorState> {
  const names = (await query(address, containers)).map(({ labels }) => labels[serviceLabel] ?? '')
  if (names.length === 0) return { kind: 'not-scraped' }
  const services = new Set(names.filter((name) => name !== ''))
  return services.size === 0 ? { kind: 'no-containers' } : { kind: 'containers', services }
}

/** What is wrong with cAdvisor as a whole. */
export function checkCadvisor(address: string, state: CadvisorState): readonly Finding[] {
  if (state.kind !== 'no-containers') return []
  const message = `scrapes a cAdvisor that has no container of any service: ${remedy}`
  return [{ severity: 'error', where: { prometheus: address }, rule: 'cadvisor-without-containers', message }]
}

/** Why cAdvisor does not measure a service that has running replicas. */
export function explainMissing(service: string, state: CadvisorState): string {
  switch (state.kind) {
    case 'not-scraped':
      return 'cAdvisor measures it, and this Prometheus does not scrape one'
    case 'no-containers':
      return 'cAdvisor measures it, and has no container of any service'
    case 'containers':
      return state.services.has(service)
        ? 'cAdvisor has its containers without this metric: is it in --disable_metrics?'
        : 'cAdvisor has containers of other services only: does it run on each node of this service, and is each scraped?'
    default:
      return assertNever(state)
  }
}
