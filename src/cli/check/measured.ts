import { cadvisorSignals, checkCadvisor, explainMissing, queryCadvisor } from './cadvisor.ts'
import type { Finding } from './findings.ts'
import type { CheckPorts } from './ports.ts'
import type { PolicyOf } from './services.ts'

/** A metric of every receiver, with or without services. */
const exported = 'swarm_autoscaler_build_info'

/** The series of each measured signal, with the labels `service` and `signal`. */
const measured = [
  'swarm_autoscaler:replicas_needed:by_signal',
  'label_replace(swarm_autoscaler:latency:ratio, "signal", "latency", "", "")',
  'label_replace(swarm_autoscaler:errors:ratio, "signal", "errors", "", "")',
].join(' or ')

/** Where the shipped signals come from that cAdvisor does not measure. */
const suppliers: Readonly<Record<string, string>> = {
  requests: 'the service, or the proxy in front of it, has to count its requests: is its /metrics scraped',
  latency:
    'the service, or the proxy in front of it, has to export a histogram of durations: is its /metrics scraped',
  errors: 'at least 20 answers a minute are needed: are there enough, with their status as a label',
  queue: 'an exporter of the queue is needed, and a queue named like the service',
}

/** A target without a measurement now. */
interface Unmeasured {
  readonly service: string
  readonly signal: string
}

/** Queries Prometheus for the signals that services target. */
export async function checkMeasured(
  address: string,
  policies: readonly PolicyOf[],
  query: CheckPorts['queryPrometheus'],
): Promise<readonly Finding[]> {
  const where = { prometheus: address }
  try {
    if ((await query(address, `count(${exported})`)).length === 0) {
      const message = `has no ${exported}: it does not scrape the receiver, so its rules know no policies`
      return [{ severity: 'error', where, rule: 'receiver-not-scraped', message }]
    }
    const found = await query(address, measured)
    const known = new Set(found.map(({ labels }) => keyOf(labels['service'] ?? '', labels['signal'] ?? '')))
    const missing = policies.flatMap((policy) => unmeasured(policy, known))
    const ofContainers = missing.filter(({ signal }) => cadvisorSignals.has(signal))
    const others = missing.filter(({ signal }) => !cadvisorSignals.has(signal))
    return [
      ...(ofContainers.length === 0 ? [] : await checkContainers(address, ofContainers, query)),
      ...others.map((each) => finding(each, supplierOf(each.signal))),
    ]
  } catch (error) {
    const message = `could not be queried: ${(error as Error).message}`
    return [{ severity: 'error', where, rule: 'prometheus-unreachable', message }]
  }
}

async function checkContainers(
  address: string,
  missing: readonly Unmeasured[],
  query: CheckPorts['queryPrometheus'],
): Promise<readonly Finding[]> {
  const state = await queryCadvisor(address, query)
  return [
    ...checkCadvisor(address, state),
    ...missing.map((each) => finding(each, explainMissing(each.service, state))),
  ]
}

/** Containers are measured only while some run. */
function unmeasured(
  { name, policy, runningReplicas }: PolicyOf,
  known: ReadonlySet<string>,
): readonly Unmeasured[] {
  return Object.keys(policy.targets)
    .filter((signal) => !known.has(keyOf(name, signal)))
    .filter((signal) => runningReplicas !== 0 || !cadvisorSignals.has(signal))
    .map((signal) => ({ service: name, signal }))
}

function finding({ service, signal }: Unmeasured, why: string): Finding {
  const message = `autoscaler.target.${signal}: Prometheus has no measurement of it now; ${why}; see docs/signals.md`
  return { severity: 'warning', where: { service }, rule: 'target-without-data', message }
}

function supplierOf(signal: string): string {
  return Object.hasOwn(suppliers, signal)
    ? `${suppliers[signal]}?`
    : `a rule of your own has to record swarm_autoscaler:replicas_needed{signal="${signal}"}`
}

/** Neither part contains a line break. */
function keyOf(service: string, signal: string): string {
  return `${service}\n${signal}`
}
