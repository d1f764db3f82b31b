import { assertNever } from '../../domain/assert-never.ts'
import type { Finding } from './findings.ts'
import type { CheckPorts } from './ports.ts'

/** What Prometheus has of cAdvisor. */
export type CadvisorSeen =
  | { readonly kind: 'not-scraped' }
  /** It is scraped, and shows no container of a Swarm service. */
  | { readonly kind: 'no-containers' }
  /** The services of which it shows containers. */
  | { readonly kind: 'containers'; readonly services: ReadonlySet<string> }

/** The signals that cAdvisor measures. */
export const cadvisorSignals: ReadonlySet<string> = new Set(['cpu', 'memory', 'network'])

const serviceLabel = 'container_label_com_docker_swarm_service_name'
const families = 'container_(?:cpu_usage_seconds_total|memory_working_set_bytes|network_receive_bytes_total)'
/** By service; what is of none, such as its own version and the cgroup of the whole machine, has an empty name. */
const shown = `count by (${serviceLabel}) (cadvisor_version_info or {__name__=~"${families}"})`

/** What would make cAdvisor find the containers. */
const remedy =
  "on Docker 29 it needs a version above 0.53, and containerd's socket at /run/containerd/containerd.sock, which the mount /var/run:/var/run:ro brings" +
  " where containerd is the system's own; --containerd-namespace=moby takes the names of the services away; see docs/runbooks/SwarmServiceNotMeasured.md"

/** Asks Prometheus of which services cAdvisor shows containers now. */
export async function lookAtCadvisor(
  address: string,
  query: CheckPorts['queryPrometheus'],
): Promise<CadvisorSeen> {
  const names = (await query(address, shown)).map(({ labels }) => labels[serviceLabel] ?? '')
  if (names.length === 0) return { kind: 'not-scraped' }
  const services = new Set(names.filter((name) => name !== ''))
  return services.size === 0 ? { kind: 'no-containers' } : { kind: 'containers', services }
}

/** What is wrong with cAdvisor as a whole. Absent where it is no fault of its own. */
export function checkCadvisor(address: string, seen: CadvisorSeen): readonly Finding[] {
  if (seen.kind !== 'no-containers') return []
  const message = `scrapes a cAdvisor that shows no container of any service: ${remedy}`
  return [{ severity: 'error', where: { prometheus: address }, rule: 'cadvisor-without-containers', message }]
}

/** Why cAdvisor measures nothing of a service that has running replicas. */
export function explainMissing(service: string, seen: CadvisorSeen): string {
  switch (seen.kind) {
    case 'not-scraped':
      return 'cAdvisor measures it, and this Prometheus scrapes none'
    case 'no-containers':
      return 'cAdvisor measures it, and shows no container of any service'
    case 'containers':
      return seen.services.has(service)
        ? 'cAdvisor shows its containers without it: is it named by --disable_metrics?'
        : 'cAdvisor shows containers of other services: does one run on each node of this one, and is each scraped?'
    default:
      return assertNever(seen)
  }
}
