import type { PolicyFault } from '../domain/policy.ts'
import { type Labels, prefix } from './label-reader.ts'
import { readPolicy } from './policy-labels.ts'

/** Labels from elsewhere, as a policy file gives them, keys without the prefix. A service's own win over them, key by key. */
export interface LabelLayers {
  readonly of: (service: string) => Labels
  /** Whether they say `enable` of any service: such a service is found although it has no label. */
  readonly hasEnable: () => boolean
}

/** Nothing beneath any service. */
export const noLabelLayers: LabelLayers = { of: () => ({}), hasEnable: () => false }

/** The labels by which a service's policy is read: its own, and beneath them those of a layer. */
export function effectiveLabels(own: Labels, beneath: Labels): Labels {
  return { ...withPrefix(beneath), ...own }
}

/** The widest bounds there are: no other value of a layer can be wrong by them alone. */
const widestBounds = { min: '0', max: '999999999' }

/**
 * What is wrong with the labels of a layer, keys without the prefix, keys that are missing among them. What a service may
 * add is taken as it suits: the widest bounds where the layer gives none, a memory limit, `enable` as true.
 */
export function faultsBeneath(beneath: Labels): readonly PolicyFault[] {
  // What is said of a service that is switched off must be right all the same.
  const enable = beneath['enable'] === 'false' ? 'true' : (beneath['enable'] ?? 'true')
  const reading = readPolicy(withPrefix({ ...widestBounds, ...beneath, enable }), true)
  if (reading.kind !== 'invalid') return []
  return reading.faults.map((fault) => ({ ...fault, key: fault.key.slice(prefix.length) }))
}

function withPrefix(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, text]) => [`${prefix}${key}`, text]))
}
