import type { Allowlist } from '../../domain/allowlist.ts'
import { isExcluded, type Policy } from '../../domain/policy.ts'
import type { Service } from '../../domain/service.ts'
import { nearestKey } from '../../policy/label-keys.ts'
import { prefix } from '../../policy/label-reader.ts'
import type { LabelledService } from '../../swarm/labelled-services.ts'
import { describeFault } from '../../text/describe-fault.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'

/** A service that is scaled, with its policy. */
export interface PolicyOf {
  readonly name: string
  readonly policy: Policy
  /** Absent: not known. */
  readonly runningReplicas?: number | undefined
}

/** The services whose policy is valid. */
export function validPolicies(services: readonly Service[]): readonly PolicyOf[] {
  return services.flatMap(({ name, policy, runningReplicas }) =>
    policy.kind === 'valid' ? [{ name, policy: policy.policy, runningReplicas }] : [],
  )
}

/**
 * What keeps services that opted in from being scaled as their labels say. Where the routes of Alertmanager are known, a
 * cooldown is held against them instead of the shipped ones, by which the policy was read.
 */
export function checkServices(services: readonly Service[], areRoutesKnown: boolean): readonly Finding[] {
  return services.flatMap((service) => [...checkPolicy(service, areRoutesKnown), ...checkMode(service)])
}

/** What keeps services with labels of the autoscaler from having opted in. `known`: those that say whether they do. */
export function checkLabelled(
  labelled: readonly LabelledService[],
  known: readonly Service[],
): readonly Finding[] {
  const names = new Set(known.map(({ name }) => name))
  return labelled
    .filter(({ name, labels }) => !names.has(name) && labels[`${prefix}enable`] === undefined)
    .flatMap(({ name, labels }) => {
      const keys = ownKeys(labels)
      return keys.length === 0 ? [] : [finding('warning', name, 'not-enabled', explainNotEnabled(keys))]
    })
}

/** The names in the allowlist that let nothing through. `services`: those that say whether they opt in. */
export function checkOnly(only: Allowlist, services: readonly Service[], engine: string): readonly Finding[] {
  const optedIn = new Set(
    services.filter(({ policy }) => policy.kind !== 'not_enabled').map(({ name }) => name),
  )
  return only.flatMap((item): readonly Finding[] => {
    if (item.kind !== 'name' || optedIn.has(item.name)) return []
    const message = `AUTOSCALER_ONLY names ${item.name}, and no service of exactly this name has opted in`
    return [{ severity: 'warning', where: { engine }, rule: 'only-without-service', message }]
  })
}

const excluded =
  'has opted in, but AUTOSCALER_ONLY names neither it nor a label of its own, so it is left alone'

function checkPolicy({ name, policy }: Service, areRoutesKnown: boolean): readonly Finding[] {
  switch (policy.kind) {
    case 'not_enabled':
      return isExcluded(policy) ? [finding('warning', name, 'left-out', excluded)] : []
    case 'invalid':
      return policy.faults.map((fault) => finding('error', name, 'invalid-policy', describeFault(fault)))
    case 'valid':
      return policy.warnings
        .filter(({ key }) => !(areRoutesKnown && key.endsWith('.cooldown')))
        .map((fault) => finding('warning', name, 'policy-warning', describeFault(fault)))
  }
}

function checkMode({ name, mode, policy }: Service): readonly Finding[] {
  if (policy.kind === 'not_enabled' || mode === 'replicated') return []
  const message = `its mode is ${mode}; only replicated services have a number of replicas that can be changed`
  return [finding('error', name, 'not-replicated', message)]
}

/** What the autoscaler wrote itself outlives the labels that made it write, and means nothing by itself. */
function ownKeys(labels: LabelledService['labels']): readonly string[] {
  return Object.keys(labels)
    .filter((key) => key.startsWith(prefix) && !key.startsWith(`${prefix}state.`))
    .toSorted()
}

function explainNotEnabled(keys: readonly string[]): string {
  const mistyped = keys.find((key) => nearestKey(key.slice(prefix.length)) === 'enable')
  const start = `has ${keys.join(', ')} and no ${prefix}enable, so it is left alone`
  return mistyped === undefined ? start : `${start}; did you mean ${prefix}enable instead of ${mistyped}?`
}

function finding(severity: Severity, service: string, rule: FindingRule, message: string): Finding {
  return { severity, where: { service }, rule, message }
}
