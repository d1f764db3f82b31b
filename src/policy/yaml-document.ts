import { type Document, isNode, LineCounter, parseDocument } from 'yaml'

/** A position in a file. Line and column count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One fault of a file, with what its owner needs to fix it. */
export interface FileFault extends Place {
  /** The path of the key, such as `services.web.up.cooldown`. Absent: the fault is of the file as a whole. */
  readonly key?: string
  /** The value as written. Absent: the fault is not of the value. */
  readonly value?: string
  /** What is wrong, and what would be right. */
  readonly message: string
}

export type YamlPath = readonly (string | number)[]

export interface YamlOptions {
  /** `core`: YAML 1.2 with numbers and booleans. `failsafe`: every scalar is the text that is written, `yes` and `3` too. Default `core`. */
  readonly schema?: 'core' | 'failsafe'
  /** Whether `<<` merges a mapping into another. Default false. */
  readonly merge?: boolean
  /** Whether a key given twice is a fault. Default true. */
  readonly uniqueKeys?: boolean
}

/** A parsed YAML file that knows the position of everything in it. */
export class YamlDocument {
  readonly document: Document.Parsed
  /** What is not valid YAML. Whatever else is read of such a document is guesswork. */
  readonly faults: readonly FileFault[]
  readonly #lines = new LineCounter()

  constructor(text: string, { schema = 'core', merge = false, uniqueKeys = true }: YamlOptions = {}) {
    const options = { schema, merge, uniqueKeys, lineCounter: this.#lines, prettyErrors: false }
    // A byte order mark takes no column.
    this.document = parseDocument(text.replace(/^\uFEFF/, ''), options)
    // `failsafe` knows no tags, and warns of each.
    const { errors, warnings } = this.document
    this.faults = [...errors, ...(schema === 'core' ? warnings : [])].map(({ pos, message }) => ({
      ...this.#placeAt(pos[0]),
      message: `not valid YAML: ${message}`,
    }))
  }

  /** Where a node begins. Absent: it is no node, or has no text of its own. */
  placeOf(node: unknown): Place | undefined {
    return isNode(node) && node.range ? this.#placeAt(node.range[0]) : undefined
  }

  /** Where the value at this path begins. If there is none, where the nearest value around it does. */
  placeAt(path: YamlPath): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.placeOf(this.document.getIn(path.slice(0, length), true))
      if (place !== undefined) return place
    }
    return this.placeOf(this.document.contents) ?? { line: 1, column: 1 }
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}
