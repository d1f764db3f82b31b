import type { Settings } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import type { Policy } from '../../domain/policy.ts'
import { mergeLabels } from '../../policy/file-labels.ts'
import { PolicyStore } from '../../policy/policy-store.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import { describeFault } from '../../text/describe-fault.ts'
import { readComposeService } from './compose-file.ts'
import type { BacktestPorts } from './ports.ts'
import { UsageError } from './usage-error.ts'

/** Labels with their prefix. */
export type Labels = Readonly<Record<string, string>>

/** What is known of the service that is to be scaled. */
export interface ServiceFacts {
  readonly labels: Labels
  /** The replicas of today. Absent: not known. */
  readonly replicas?: number
  /** Cores that one replica may use. Absent: not known. */
  readonly cpuLimit?: number
}

/** Where a policy comes from, as the command line says. */
export interface PolicyWords {
  readonly service?: string
  readonly compose?: string
  readonly policyFile?: string
  /** `key=value`, each with or without the prefix; they win over everything else. */
  readonly labels: readonly string[]
  /** Whether the user named an engine. */
  readonly isEngineNamed: boolean
}

/** Gathers the labels of the service. Throws `UsageError`, or an `Error` where the engine cannot be asked. */
export async function gatherLabels(
  words: PolicyWords,
  settings: Settings,
  ports: BacktestPorts,
): Promise<ServiceFacts> {
  const { service, compose, policyFile, labels } = words
  const fromFile = policyFile === undefined ? {} : PolicyStore.load(policyFile).labelsFor(service ?? '')
  const asksEngine =
    words.isEngineNamed || (compose === undefined && policyFile === undefined && labels.length === 0)
  const facts =
    compose !== undefined
      ? readComposeService(compose, service)
      : asksEngine && service !== undefined
        ? await askEngine(service, settings, ports)
        : { labels: {} }
  return { ...facts, labels: { ...mergeLabels(facts.labels, fromFile), ...readLabels(labels) } }
}

/** Reads labels as the command line has them. Throws `UsageError`. */
export function readLabels(words: readonly string[]): Labels {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1)
        throw new UsageError(`--label "${word}" must be key=value, such as max=20 or target.requests=50`)
      const key = word.slice(0, at).trim()
      return [key.startsWith('autoscaler.') ? key : `autoscaler.${key}`, word.slice(at + 1).trim()]
    }),
  )
}

/** Reads the policy that labels say, opted in or not. Throws `UsageError` with all that is wrong. */
export function policyOf(labels: Labels): Policy {
  const own = Object.keys(labels).filter((key) => key.startsWith('autoscaler.'))
  if (own.length === 0) {
    throw new UsageError(
      'there is no policy; name one by --compose F, by --service of a running swarm, by --policy-file F with --service, ' +
        'or by --label max=20 --label target.requests=50',
    )
  }
  const reading = readPolicy({ ...labels, 'autoscaler.enable': 'true' }, true)
  if (reading.kind === 'valid') return reading.policy
  const faults = reading.kind === 'invalid' ? reading.faults.map(describeFault) : []
  throw new UsageError(`the policy is invalid: ${faults.join('; ')}`)
}

async function askEngine(name: string, settings: Settings, ports: BacktestPorts): Promise<ServiceFacts> {
  const engine = ports.connect(settings)
  const [labelled, services] = await Promise.all([engine.listLabelled(), engine.listServices()])
  const labels = labelled.find((service) => service.name === name)?.labels
  const service = services.find((one) => one.name === name)
  if (labels === undefined || service === undefined) {
    const names = services.map((one) => one.name).join(', ')
    throw new UsageError(
      `--service "${name}" has no labels of the autoscaler in this swarm; those that have: ${names || 'none'}`,
    )
  }
  return { labels, ...defined({ replicas: service.desiredReplicas, cpuLimit: service.cpuLimitCores }) }
}
