import type { Allowlist } from '../../domain/allowlist.ts'
import { isExcluded, type Policy } from '../../domain/policy.ts'
import type { Service } from '../../domain/service.ts'
import { nearestKey } from '../../policy/label-keys.ts'
import { prefix } from '../../policy/label-reader.ts'
import type { LabelledService } from '../../swarm/labelled-services.ts'
import { describeFault } from '../../text/describe-fault.ts'
import type { Finding, FindingRule, Severity } from './findings.ts'

/** A service with a valid policy. */
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
 * What keeps enabled services from being scaled as their labels say. If the routes of Alertmanager are known, cooldowns are checked
 * against them, and the warnings of the policy, which assume the shipped routes, are left out.
 */
export function checkServices(services: readonly Service[], areRoutesKnown: boolean): readonly Finding[] {
  return services.flatMap((service) => [...checkPolicy(service, areRoutesKnown), ...checkMode(service)])
}

/** Services with autoscaler labels that are not enabled by mistake. `known`: those that opt in or out. */
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

/** Names in the allowlist that match no enabled service. `services`: those that opt in or out. */
export function checkOnly(only: Allowlist, services: readonly Service[], engine: string): readonly Finding[] {
  const optedIn = new Set(
    services.filter(({ policy }) => policy.kind !== 'not_enabled').map(({ name }) => name),
  )
  return only.flatMap((item): readonly Finding[] => {
    if (item.kind !== 'name' || optedIn.has(item.name)) return []
    const message = `AUTOSCALER_ONLY names ${item.name}, but no service with exactly this name is enabled`
    return [{ severity: 'warning', where: { engine }, rule: 'only-without-service', message }]
  })
}

const excluded = 'is enabled, but AUTOSCALER_ONLY names neither it nor one of its labels, so it is not scaled'

function checkPolicy({ name, policy }: Service, areRoutesKnown: boolean): readonly Finding[] {
  switch (policy.kind) {
    case 'not_enabled':
      return isExcluded(policy) ? [finding('warning', name, 'excluded', excluded)] : []
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
  const message = `its mode is ${mode}; only replicated services can be scaled`
  return [finding('error', name, 'not-replicated', message)]
}

/** Without `autoscaler.state.*`, which the autoscaler writes and which may outlive the other labels. */
function ownKeys(labels: LabelledService['labels']): readonly string[] {
  return Object.keys(labels)
    .filter((key) => key.startsWith(prefix) && !key.startsWith(`${prefix}state.`))
    .toSorted()
}

function explainNotEnabled(keys: readonly string[]): string {
  const mistyped = keys.find((key) => nearestKey(key.slice(prefix.length)) === 'enable')
  const start = `has ${keys.join(', ')} but no ${prefix}enable, so it is not scaled`
  return mistyped === undefined ? start : `${start}; did you mean ${prefix}enable instead of ${mistyped}?`
}

function finding(severity: Severity, service: string, rule: FindingRule, message: string): Finding {
  return { severity, where: { service }, rule, message }
}
