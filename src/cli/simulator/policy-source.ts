import type { Settings } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import { mergeLabels } from '../../policy/file-labels.ts'
import { PolicyStore } from '../../policy/policy-store.ts'
import { type Labels, readLabels } from '../policy-labels.ts'
import { UsageError } from '../usage-error.ts'
import { readComposeService } from './compose-file.ts'
import type { SimulatorPorts } from './ports.ts'

/** What is known of the service. */
export interface ServiceFacts {
  readonly labels: Labels
  /** Its current replicas. Absent: not known. */
  readonly replicas?: number
  /** CPU limit of one replica, in cores. Absent: not known. */
  readonly cpuLimit?: number
}

/** Where the policy comes from, by the command line. */
export interface PolicyOptions {
  readonly service?: string
  readonly compose?: string
  readonly policyFile?: string
  /** `key=value`, with or without `autoscaler.`; these override all others. */
  readonly labels: readonly string[]
  /** Whether the user named an engine. */
  readonly isEngineNamed: boolean
}

/** Collects the labels of the service. Throws `UsageError`, or an `Error` if the engine cannot be reached. */
export async function readServiceFacts(
  options: PolicyOptions,
  settings: Settings,
  ports: SimulatorPorts,
): Promise<ServiceFacts> {
  const { service, policyFile, labels } = options
  const fromFile = policyFile === undefined ? {} : PolicyStore.load(policyFile).labelsFor(service ?? '')
  const facts = await factsWithoutFile(options, settings, ports)
  return { ...facts, labels: { ...mergeLabels(facts.labels, fromFile), ...readLabels(labels) } }
}

async function factsWithoutFile(
  { service, compose, policyFile, labels, isEngineNamed }: PolicyOptions,
  settings: Settings,
  ports: SimulatorPorts,
): Promise<ServiceFacts> {
  if (compose !== undefined) return readComposeService(compose, service)
  const hasNoOther = policyFile === undefined && labels.length === 0
  if (service === undefined || !(isEngineNamed || hasNoOther)) return { labels: {} }
  return readRunningService(service, settings, ports)
}

async function readRunningService(
  name: string,
  settings: Settings,
  ports: SimulatorPorts,
): Promise<ServiceFacts> {
  const engine = ports.connect(settings)
  const [labelled, services] = await Promise.all([engine.listLabelled(), engine.listServices()])
  const labels = labelled.find((service) => service.name === name)?.labels
  const service = services.find((one) => one.name === name)
  if (labels === undefined || service === undefined) {
    const names = services.map((one) => one.name).join(', ')
    throw new UsageError(
      `--service "${name}" has no autoscaler labels in this swarm; services that have: ${names || 'none'}`,
    )
  }
  return { labels, ...defined({ replicas: service.desiredReplicas, cpuLimit: service.cpuLimitCores }) }
}
