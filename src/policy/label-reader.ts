import { defined } from '../domain/defined.ts'
import type { PolicyFault } from '../domain/policy.ts'
import { nearestKey } from './label-keys.ts'
import type { ValueKind } from './label-values.ts'

/** All of the autoscaler's labels begin so. */
export const prefix = 'autoscaler.'

export type Labels = Readonly<Record<string, string>>

/** Reads the labels of one service, key by key without the prefix, and collects everything that is wrong with them. */
export class LabelReader {
  readonly faults: PolicyFault[] = []
  readonly warnings: PolicyFault[] = []
  readonly #labels: ReadonlyMap<string, string>
  readonly #read = new Set<string>()

  constructor(labels: Labels) {
    const own = Object.entries(labels).filter(([key]) => key.startsWith(prefix))
    this.#labels = new Map(own.map(([key, text]) => [key.slice(prefix.length), text]))
  }

  /** The value of `key`. Absent where there is no such label, and where its value is refused. */
  optional<T>(key: string, kind: ValueKind<T>): T | undefined {
    this.#read.add(key)
    const text = this.#labels.get(key)
    if (text === undefined) return undefined
    const parsed = kind.parse(text)
    if (parsed === undefined) this.refuse(key, `must be ${kind.allowed}`)
    return parsed
  }

  /** The value of `key`; its absence is a fault. */
  required<T>(key: string, kind: ValueKind<T>): T | undefined {
    if (!this.#labels.has(key)) this.refuse(key, `is missing; it must be ${kind.allowed}`)
    return this.optional(key, kind)
  }

  has(key: string): boolean {
    return this.#labels.has(key)
  }

  keysUnder(start: string): readonly string[] {
    return [...this.#labels.keys()].filter((key) => key.startsWith(start))
  }

  refuse(key: string, message: string): void {
    this.#read.add(key)
    this.faults.push(this.#about(key, message))
  }

  /** Tells of a value that works, but hardly as meant. */
  warn(key: string, message: string): void {
    this.warnings.push(this.#about(key, message))
  }

  /** Refuses every label that nobody asked for: a typing error must never turn into a default. */
  refuseUnread(isKnown: (key: string) => boolean): void {
    for (const key of this.#labels.keys()) {
      if (this.#read.has(key) || isKnown(key)) continue
      const near = nearestKey(key)
      this.refuse(
        key,
        `is no label; ${near === undefined ? 'see the list of labels' : `did you mean ${prefix}${near}?`}`,
      )
    }
  }

  #about(key: string, message: string): PolicyFault {
    return defined({ key: `${prefix}${key}`, message, value: this.#labels.get(key) })
  }
}
