import type { Finding } from './findings.ts'
import type { CheckPorts } from './ports.ts'
import type { PolicyOf } from './services.ts'

/** What every receiver exports, whatever its services: a policy that goes by steps has no target. */
const exported = 'swarm_autoscaler_build_info'

/** The series of each measured signal, with the labels `service` and `signal`. */
const measured = [
  'swarm_autoscaler:replicas_needed:by_signal',
  'label_replace(swarm_autoscaler:latency:ratio, "signal", "latency", "", "")',
  'label_replace(swarm_autoscaler:errors:ratio, "signal", "errors", "", "")',
].join(' or ')

/** What supplies the shipped signals. */
const suppliers: Readonly<Record<string, string>> = {
  cpu: 'cAdvisor measures it: is it scraped, with the label container_label_com_docker_swarm_service_name',
  memory: 'cAdvisor measures it: is it scraped, with the label container_label_com_docker_swarm_service_name',
  network:
    'cAdvisor measures it: is it scraped, with the label container_label_com_docker_swarm_service_name',
  requests: 'the service, or the proxy before it, has to count its requests: is its /metrics scraped',
  latency:
    'the service, or the proxy before it, has to export a histogram of durations: is its /metrics scraped',
  errors: 'at least 20 answers a minute are needed: are there as many, and do they carry their status',
  queue: 'an exporter of the queue is needed, and a queue named like the service',
}

/** Asks Prometheus whether the signals that services target are measured now. */
export async function checkMeasured(
  address: string,
  policies: readonly PolicyOf[],
  query: CheckPorts['queryPrometheus'],
): Promise<readonly Finding[]> {
  const where = { prometheus: address }
  try {
    if ((await query(address, `count(${exported})`)).length === 0) {
      const message = `has no ${exported}: it does not scrape the receiver, so no rule knows any policy`
      return [{ severity: 'error', where, rule: 'receiver-not-scraped', message }]
    }
    const found = await query(address, measured)
    const known = new Set(found.map(({ labels }) => keyOf(labels['service'] ?? '', labels['signal'] ?? '')))
    return policies.flatMap((policy) => unmeasured(policy, known))
  } catch (error) {
    const message = `could not be asked: ${(error as Error).message}`
    return [{ severity: 'error', where, rule: 'prometheus-not-seen', message }]
  }
}

function unmeasured({ name, policy }: PolicyOf, known: ReadonlySet<string>): readonly Finding[] {
  return Object.keys(policy.targets)
    .filter((signal) => !known.has(keyOf(name, signal)))
    .map((signal) => ({
      severity: 'warning',
      where: { service: name },
      rule: 'target-without-data',
      message: `autoscaler.target.${signal}: Prometheus measures nothing of it now; ${supplierOf(signal)}; see docs/signals.md`,
    }))
}

function supplierOf(signal: string): string {
  return Object.hasOwn(suppliers, signal)
    ? `${suppliers[signal]}?`
    : `a rule of your own has to record swarm_autoscaler:replicas_needed{signal="${signal}"}`
}

/** Neither part holds a line break. */
function keyOf(service: string, signal: string): string {
  return `${service}\n${signal}`
}
