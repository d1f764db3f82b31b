import { isAlias, isMap, isScalar, type Scalar, type YAMLMap } from 'yaml'
import { type FileFault, type Place, YamlDocument } from './yaml-document.ts'

/** One key of a mapping, with its value. */
export interface Entry {
  readonly key: string
  /** All keys from the top to this one, joined with dots. */
  readonly path: string
  readonly place: Place
  readonly value: unknown
}

/** A scalar, with the keys of the mappings around it joined with dots. */
export interface Leaf {
  readonly key: string
  readonly text: string
  readonly place: Place
}

/** Most aliases (`*name`) that are followed: a few lines of them can expand to more than fits into memory. */
const mostAliases = 100

const notScalar = 'must be a single value or a mapping; quote a text that has a comma or a bracket'

/** Reads nested mappings of a YAML file strictly, and collects all faults. */
export class YamlReader {
  readonly faults: FileFault[]
  readonly #yaml: YamlDocument
  #aliases = 0

  constructor(text: string) {
    // Keys given twice are found here, however they are written: nested or with dots.
    this.#yaml = new YamlDocument(text, { uniqueKeys: false })
    this.faults = [...this.#yaml.faults]
  }

  /** The keys at the top of the file. None if it is empty. */
  top(): readonly Entry[] {
    const top = { key: '', path: '', place: { line: 1, column: 1 }, value: this.#yaml.document.contents }
    return this.entriesOf(top)
  }

  /** The keys under a key whose value must be a mapping. No value counts as an empty mapping. */
  entriesOf(entry: Entry): readonly Entry[] {
    const value = this.#follow(entry)
    if (isMap(value)) return this.#entriesIn(value, entry)
    const isNothing = value === null || value === undefined || (isScalar(value) && value.value === null)
    if (!isNothing) this.refuse(entry, 'must be a mapping: one line `key: value` for each key')
    return []
  }

  /** All scalars under a key, at any depth, each once. Their keys are relative to it. */
  leavesOf(entry: Entry): readonly Leaf[] {
    const leaves = new Map<string, Leaf>()
    for (const { path, leaf } of this.#leavesUnder(entry, '')) {
      const first = leaves.get(leaf.key)
      if (first === undefined) leaves.set(leaf.key, leaf)
      else this.refuse({ path, place: leaf.place }, givenTwice(first.place))
    }
    return [...leaves.values()]
  }

  refuse({ path, place }: Pick<Entry, 'path' | 'place'>, message: string): void {
    this.faults.push({ ...place, ...(path === '' ? {} : { key: path }), message })
  }

  #leavesUnder(entry: Entry, above: string): readonly { path: string; leaf: Leaf }[] {
    return this.entriesOf(entry).flatMap((inner) => {
      const key = `${above}${inner.key}`
      const value = this.#follow(inner)
      if (isMap(value)) return this.#leavesUnder({ ...inner, value }, `${key}.`)
      if (isScalar(value) && value.value !== null) {
        return [{ path: inner.path, leaf: { key, text: textOf(value), place: inner.place } }]
      }
      if (value !== undefined)
        this.refuse(inner, isScalar(value) || value === null ? 'has no value' : notScalar)
      return []
    })
  }

  #entriesIn(map: YAMLMap, above: Entry): readonly Entry[] {
    const first = new Map<string, Place>()
    return map.items.flatMap(({ key: node, value }) => {
      const place = this.#yaml.placeOf(node) ?? above.place
      const key = isScalar(node) && node.value !== null ? textOf(node) : ''
      const path = above.path === '' ? key : `${above.path}.${key}`
      const earlier = first.get(key)
      first.set(key, place)
      if (key === '') this.refuse({ ...above, place }, 'has a key that is empty or not plain text')
      else if (key === '<<') this.refuse({ path, place }, 'is not supported: a policy file has no merge keys')
      else if (earlier !== undefined) this.refuse({ path, place }, givenTwice(earlier))
      else return [{ key, path, place, value }]
      return []
    })
  }

  /** The value of an entry; of an alias, the value of its anchor. Absent: the alias was refused. */
  #follow(entry: Entry): unknown {
    const { value } = entry
    if (!isAlias(value)) return value
    this.#aliases += 1
    if (this.#aliases > mostAliases) {
      // Reported once: there may be millions more.
      if (this.#aliases === mostAliases + 1)
        this.refuse(entry, `is beyond the ${mostAliases} aliases that a file may use`)
      return undefined
    }
    const target = value.resolve(this.#yaml.document)
    if (target === undefined)
      this.refuse(entry, `is an alias of &${value.source}, which is not defined above`)
    return target
  }
}

/** The text as written: 0.10 stays `0.10`, and `yes` does not become `true`. */
function textOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value))
}

function givenTwice({ line }: Place): string {
  return `is given twice, first in line ${line}`
}
