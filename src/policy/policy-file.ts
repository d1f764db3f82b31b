import { defined } from '../domain/defined.ts'
import type { PolicyFault } from '../domain/policy.ts'
import { faultInWords } from '../text/fault-in-words.ts'
import { type FileFault, type Leaf, YamlReader } from './yaml-reader.ts'

/** Labels of the autoscaler without the prefix: `up.cooldown`, as text. */
export type LayerLabels = Readonly<Record<string, string>>

/** What a policy file says, as labels that stand beneath those of the services themselves. */
export interface PolicyLayers {
  /** Of every service. Never with `enable`. */
  readonly defaults: LayerLabels
  /** By the exact name of the service; they win over the defaults, key by key. */
  readonly services: ReadonlyMap<string, LayerLabels>
}

/** A policy file as it was read: its layers, or all that is wrong with it at once. */
export type PolicyFileReading =
  | { readonly kind: 'valid'; readonly layers: PolicyLayers }
  | { readonly kind: 'invalid'; readonly faults: readonly [FileFault, ...FileFault[]] }

/** What is wrong with labels, whatever else the service's own may say. Keys are without the prefix. */
export type FindFaults = (labels: LayerLabels) => readonly PolicyFault[]

/** One layer, with the place of every key. */
interface Layer {
  readonly path: string
  readonly leaves: ReadonlyMap<string, Leaf>
}

const noLayer: Layer = { path: '', leaves: new Map() }

interface LayerFault extends FileFault {
  /** The upper layer that brings the fault to light, where it stands in the lower one. */
  readonly beside?: string
}

export const noLayers: PolicyLayers = { defaults: {}, services: new Map() }

/** The labels that stand beneath those of a service. */
export function labelsBeneath({ defaults, services }: PolicyLayers, service: string): LayerLabels {
  return { ...defaults, ...services.get(service) }
}

/** A fault as a compiler would print it: `policy.yml:3:5: services.web.max="none" must be a whole number >= 1`. */
export function inWords(file: string, fault: FileFault): string {
  return `${file}:${fault.line}:${fault.column}: ${faultInWords(fault)}`
}

/**
 * Reads a policy file, strictly. What it says of a service, defaults included, must be right by itself, except for what is
 * missing: that may stand in the service's own labels.
 */
export function readPolicyFile(text: string, findFaults: FindFaults): PolicyFileReading {
  const reader = new YamlReader(text)
  // What is read of broken YAML is guesswork: more faults would only hide the one to mend.
  if (reader.faults.length > 0) return toReading(reader.faults, noLayers)
  const { defaults, services } = readLayers(reader)
  const faults = [...reader.faults, ...faultsInAll(defaults, [...services.values()], findFaults)]
  const byName = [...services].map(([name, layer]) => [name, labelsOf(layer)] as const)
  return toReading(faults, { defaults: labelsOf(defaults), services: new Map(byName) })
}

function readLayers(reader: YamlReader): { defaults: Layer; services: ReadonlyMap<string, Layer> } {
  let defaults = noLayer
  const services = new Map<string, Layer>()
  for (const entry of reader.top()) {
    if (entry.key === 'defaults') {
      defaults = readLayer(reader, entry, [...inNoLayer, notInDefaults])
    } else if (entry.key === 'services') {
      for (const service of reader.entriesOf(entry)) {
        if (!/^[A-Za-z0-9][\w.-]*$/.test(service.key)) reader.refuse(service, noName)
        services.set(service.key, readLayer(reader, service, inNoLayer))
      }
    } else reader.refuse(entry, 'is not known; a policy file has defaults and services')
  }
  return { defaults, services }
}

const noName = 'is no name of a service; each service is named exactly, without patterns'

/** Keys that a layer may not have, and why. */
type Refusal = readonly [key: RegExp, why: string]

const inNoLayer: readonly Refusal[] = [
  [/^state\./, 'is written by the autoscaler itself, into the labels of the service'],
  [/^autoscaler\./, 'has a prefix that only labels have: leave `autoscaler.` away'],
]

const notInDefaults: Refusal = [
  /^enable$/,
  'would opt in every service of the swarm; opt in each by its label or under services',
]

function readLayer(
  reader: YamlReader,
  entry: Parameters<YamlReader['leavesOf']>[0],
  refusals: readonly Refusal[],
): Layer {
  const leaves = reader.leavesOf(entry).filter(({ key, place }) => {
    const refusal = refusals.find(([refused]) => refused.test(key))
    if (refusal !== undefined) reader.refuse({ path: `${entry.path}.${key}`, place }, refusal[1])
    return refusal === undefined
  })
  return { path: entry.path, leaves: new Map(leaves.map((leaf) => [leaf.key, leaf])) }
}

/** What is wrong with the defaults by themselves, and with each service's entry upon them. */
function faultsInAll(
  defaults: Layer,
  services: readonly Layer[],
  findFaults: FindFaults,
): readonly FileFault[] {
  const ofDefaults = faultsOf(defaults, noLayer, findFaults)
  // What is wrong with the defaults by themselves is wrong beneath every service, and said once.
  const said = new Set(ofDefaults.map(({ key, message }) => `${key} ${message}`))
  const ofServices = services.flatMap((service) =>
    faultsOf(service, defaults, findFaults).flatMap(({ beside, ...fault }) => {
      if (beside === undefined) return [fault]
      if (said.has(`${fault.key} ${fault.message}`)) return []
      return [{ ...fault, message: `${fault.message} (beside ${beside})` }]
    }),
  )
  return [...ofDefaults, ...ofServices]
}

/** What is wrong with a layer upon the one beneath, told where the key in question stands. */
function faultsOf(upper: Layer, lower: Layer, findFaults: FindFaults): readonly LayerFault[] {
  return findFaults({ ...labelsOf(lower), ...labelsOf(upper) }).flatMap(({ key, message, value }) => {
    const layer = upper.leaves.has(key) ? upper : lower
    const leaf = layer.leaves.get(key)
    // A key that stands nowhere is one that is missing.
    if (leaf === undefined) return []
    const found = { ...leaf.place, key: `${layer.path}.${key}`, message }
    const beside = layer === upper ? {} : { beside: upper.path }
    return [{ ...found, ...beside, ...defined({ value }) }]
  })
}

function labelsOf({ leaves }: Layer): LayerLabels {
  return Object.fromEntries([...leaves].map(([key, { text }]) => [key, text]))
}

/** With the faults in the order of the file. */
function toReading(faults: readonly FileFault[], layers: PolicyLayers): PolicyFileReading {
  const [first, ...others] = faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
  return first === undefined ? { kind: 'valid', layers } : { kind: 'invalid', faults: [first, ...others] }
}
