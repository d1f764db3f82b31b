import { defined } from '../domain/defined.ts'
import { faultsInFileLabels } from './file-labels.ts'
import type { Labels } from './label-reader.ts'
import type { FileFault } from './yaml-document.ts'
import { type Entry, type Leaf, YamlReader } from './yaml-reader.ts'

/** The labels in a policy file, keys without the prefix. Those of the services themselves win over them, key by key. */
export interface PolicyFile {
  /** For every service. Never with `enable`. */
  readonly defaults: Labels
  /** By the exact name of the service. They win over the defaults, key by key. */
  readonly services: ReadonlyMap<string, Labels>
}

/** The result of reading a policy file: its labels, or all of its faults. */
export type PolicyFileResult =
  | { readonly kind: 'valid'; readonly file: PolicyFile }
  | { readonly kind: 'not_yaml' | 'invalid'; readonly faults: readonly [FileFault, ...FileFault[]] }

/** One section of the file, with the position of every key. */
interface Section {
  readonly path: string
  readonly leaves: ReadonlyMap<string, Leaf>
}

const emptySection: Section = { path: '', leaves: new Map() }

interface SectionFault extends FileFault {
  /** The service's section that makes a key of the defaults a fault. Absent: the key is in the section itself. */
  readonly with?: string
}

export const emptyPolicyFile: PolicyFile = { defaults: {}, services: new Map() }

/** The labels that the file has for a service, defaults included. */
export function labelsFor({ defaults, services }: PolicyFile, service: string): Labels {
  return { ...defaults, ...services.get(service) }
}

/**
 * Reads a policy file, strictly. The labels that it has for a service, defaults included, must be valid by themselves. Keys may be
 * missing: the service's own labels can have them.
 */
export function readPolicyFile(text: string): PolicyFileResult {
  const reader = new YamlReader(text)
  // What is read of broken YAML is guesswork: more faults would only hide the one to fix.
  const [syntaxFault, ...others] = inOrder(reader.faults)
  if (syntaxFault !== undefined) return { kind: 'not_yaml', faults: [syntaxFault, ...others] }
  const { defaults, services } = readSections(reader)
  const [first, ...rest] = inOrder([...reader.faults, ...faultsInAll(defaults, [...services.values()])])
  if (first !== undefined) return { kind: 'invalid', faults: [first, ...rest] }
  const byName = [...services].map(([name, section]) => [name, labelsOf(section)] as const)
  return { kind: 'valid', file: { defaults: labelsOf(defaults), services: new Map(byName) } }
}

function readSections(reader: YamlReader): { defaults: Section; services: ReadonlyMap<string, Section> } {
  let defaults = emptySection
  const services = new Map<string, Section>()
  for (const entry of reader.top()) {
    if (entry.key === 'defaults') {
      defaults = readSection(reader, entry, [...forbiddenKeys, forbiddenDefault])
    } else if (entry.key === 'services') {
      for (const service of reader.entriesOf(entry)) {
        if (!/^[A-Za-z0-9][\w.-]*$/.test(service.key)) reader.refuse(service, notAName)
        services.set(service.key, readSection(reader, service, forbiddenKeys))
      }
    } else reader.refuse(entry, 'is not known; a policy file has defaults and services')
  }
  return { defaults, services }
}

const notAName =
  'is not the name of a service; each service has its exact name here, patterns are not supported'

/** A key that a section must not have, and why. */
type ForbiddenKey = readonly [key: RegExp, why: string]

const forbiddenKeys: readonly ForbiddenKey[] = [
  [/^state\./, 'is written by the autoscaler itself, into the labels of the service; remove it'],
  [/^autoscaler\./, 'has a prefix that only labels have; remove `autoscaler.`'],
]

const forbiddenDefault: ForbiddenKey = [
  /^enable$/,
  'would opt in every service of the swarm; opt in each service by its label or under services',
]

function readSection(reader: YamlReader, entry: Entry, forbidden: readonly ForbiddenKey[]): Section {
  const leaves = reader.leavesOf(entry).filter(({ key, place }) => {
    const refusal = forbidden.find(([pattern]) => pattern.test(key))
    if (refusal !== undefined) reader.refuse({ path: `${entry.path}.${key}`, place }, refusal[1])
    return refusal === undefined
  })
  return { path: entry.path, leaves: new Map(leaves.map((leaf) => [leaf.key, leaf])) }
}

/** The faults of the defaults by themselves, and of each service's section together with the defaults. */
function faultsInAll(defaults: Section, services: readonly Section[]): readonly FileFault[] {
  const ofDefaults = faultsOf(defaults, emptySection)
  // A fault of the defaults by themselves is a fault for every service, and is reported once.
  const reported = new Set(ofDefaults.map(({ key, message }) => `${key} ${message}`))
  const ofServices = services.flatMap((service) =>
    faultsOf(service, defaults).flatMap(({ with: other, ...fault }) => {
      if (other === undefined) return [fault]
      if (reported.has(`${fault.key} ${fault.message}`)) return []
      return [{ ...fault, message: `${fault.message} (with ${other})` }]
    }),
  )
  return [...ofDefaults, ...ofServices]
}

/** The faults of a section together with the defaults, each at the position of its key. */
function faultsOf(section: Section, defaults: Section): readonly SectionFault[] {
  return faultsInFileLabels({ ...labelsOf(defaults), ...labelsOf(section) }).flatMap(
    ({ key, message, value }) => {
      const { path, leaves } = section.leaves.has(key) ? section : defaults
      const leaf = leaves.get(key)
      // A missing key is no fault here.
      if (leaf === undefined) return []
      const other = path === section.path ? undefined : section.path
      return [{ ...leaf.place, key: `${path}.${key}`, message, ...defined({ with: other, value }) }]
    },
  )
}

function labelsOf({ leaves }: Section): Labels {
  return Object.fromEntries([...leaves].map(([key, { text }]) => [key, text]))
}

/** In the order of the file. */
function inOrder(faults: readonly FileFault[]): readonly FileFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
