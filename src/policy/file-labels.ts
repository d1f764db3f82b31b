import type { PolicyFault } from '../domain/policy.ts'
import { type Labels, prefix } from './label-reader.ts'
import { readPolicy } from './read-policy.ts'

/** Labels from the policy file, keys without the prefix. A service's own labels win over them, key by key. */
export interface FileLabels {
  /** The labels for a service, by its exact name. */
  readonly labelsFor: (service: string) => Labels
  /** Whether the file has `enable` for any service: such a service need not have any label of its own. */
  readonly hasEnable: () => boolean
}

/** There is no policy file. */
export const noFileLabels: FileLabels = { labelsFor: () => ({}), hasEnable: () => false }

/** The labels that a service's policy is read from: its own and, beneath them, those from the policy file. */
export function mergeLabels(own: Labels, fromFile: Labels): Labels {
  return { ...withPrefix(fromFile), ...own }
}

/** The widest possible bounds: with them, no other value is a fault because of a bound that is missing. */
const widestBounds = { min: '0', max: '999999999' }

/**
 * The faults of labels from a policy file, keys without the prefix, missing keys included. What a service's own labels may add is
 * assumed to fit: the widest bounds if there are none, a memory limit, `enable` as true.
 */
export function faultsInFileLabels(labels: Labels): readonly PolicyFault[] {
  // The policy of a service that is switched off must be valid too.
  const enable = labels['enable'] === 'false' ? 'true' : (labels['enable'] ?? 'true')
  const policy = readPolicy(withPrefix({ ...widestBounds, ...labels, enable }), true)
  if (policy.kind !== 'invalid') return []
  return policy.faults.map((fault) => ({ ...fault, key: fault.key.slice(prefix.length) }))
}

function withPrefix(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, text]) => [`${prefix}${key}`, text]))
}
