import { isAlias, isMap, isScalar, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml'

/** Where something stands in a file, both counted from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One thing wrong with a file, told so that its owner can mend it. */
export interface FileFault extends Place {
  /** The path of the key, such as `services.web.up.cooldown`. Absent where the file as a whole is meant. */
  readonly key?: string
  /** The value as written, where it is the value that is wrong. */
  readonly value?: string
  /** What is wrong and what would be right. */
  readonly message: string
}

/** One key of a mapping with what it stands for. */
interface Entry {
  readonly key: string
  /** The keys from the top down to this one, joined with dots. */
  readonly path: string
  readonly place: Place
  readonly value: unknown
}

/** A scalar with its key: where mappings lie in each other, their keys joined with dots. */
export interface Leaf {
  readonly key: string
  readonly text: string
  readonly place: Place
}

/** Most aliases (`*name`) that are followed: a few lines of them can stand for more than any memory holds. */
const mostAliases = 100

const noScalar = 'must be one value or a mapping; put quotes around a text with a comma or a bracket in it'

/** Reads a YAML file of nested mappings strictly, and collects everything that is wrong with it. */
export class YamlReader {
  readonly faults: FileFault[] = []
  readonly #lines = new LineCounter()
  readonly #document
  #aliases = 0

  constructor(text: string) {
    const options = { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false } as const
    // A byte order mark takes no column.
    this.#document = parseDocument(text.replace(/^\uFEFF/, ''), options)
    for (const { pos, message } of [...this.#document.errors, ...this.#document.warnings]) {
      this.faults.push({ ...this.#placeAt(pos[0]), message: `this is no valid YAML: ${message}` })
    }
  }

  /** The keys at the top of the file; none where it is empty. */
  top(): readonly Entry[] {
    const top = { key: '', path: '', place: { line: 1, column: 1 }, value: this.#document.contents }
    return this.entriesOf(top)
  }

  /** The keys under one that must have a mapping. Nothing at all counts as an empty one. */
  entriesOf(entry: Entry): readonly Entry[] {
    const value = this.#follow(entry)
    if (isMap(value)) return this.#entriesIn(value, entry)
    const isNothing = value === null || value === undefined || (isScalar(value) && value.value === null)
    if (!isNothing) this.refuse(entry, 'must be a mapping, with a line `key: value` for each key')
    return []
  }

  /** All scalars under a key, however deep, each once. Their keys count from there. */
  leavesOf(entry: Entry): readonly Leaf[] {
    const leaves = new Map<string, Leaf>()
    for (const { path, leaf } of this.#leavesUnder(entry, '')) {
      const first = leaves.get(leaf.key)
      if (first === undefined) leaves.set(leaf.key, leaf)
      else this.refuse({ path, place: leaf.place }, saidTwice(first.place))
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
        this.refuse(inner, isScalar(value) || value === null ? 'has no value' : noScalar)
      return []
    })
  }

  #entriesIn(map: YAMLMap, above: Entry): readonly Entry[] {
    const first = new Map<string, Place>()
    return map.items.flatMap(({ key: node, value }) => {
      const place = this.#placeOf(node) ?? above.place
      const key = isScalar(node) && node.value !== null ? textOf(node) : ''
      const path = above.path === '' ? key : `${above.path}.${key}`
      const earlier = first.get(key)
      first.set(key, place)
      if (key === '') this.refuse({ ...above, place }, 'has a key under it that is empty or no plain text')
      else if (key === '<<') this.refuse({ path, place }, 'is not followed: mappings are not merged here')
      else if (earlier !== undefined) this.refuse({ path, place }, saidTwice(earlier))
      else return [{ key, path, place, value }]
      return []
    })
  }

  /** What an entry stands for: for an alias, what has its name. Absent where that was refused. */
  #follow(entry: Entry): unknown {
    const { value } = entry
    if (!isAlias(value)) return value
    this.#aliases += 1
    if (this.#aliases > mostAliases) {
      // Said once: behind the first there may be millions more.
      if (this.#aliases === mostAliases + 1) this.refuse(entry, `follows more than ${mostAliases} aliases`)
      return undefined
    }
    const target = value.resolve(this.#document)
    if (target === undefined)
      this.refuse(entry, `is an alias of &${value.source}, which stands nowhere above`)
    return target
  }

  #placeOf(node: unknown): Place | undefined {
    const range = (node as Partial<Scalar> | null)?.range
    return range ? this.#placeAt(range[0]) : undefined
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

/** As the file has it: 0.10 stays `0.10`, and `yes` is no `true`. */
function textOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value))
}

function saidTwice({ line }: Place): string {
  return `is given twice, first in line ${line}`
}
