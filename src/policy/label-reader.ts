import { defined } from '../domain/defined.ts'
import type { PolicyFault } from '../domain/policy.ts'
import { nearestKey } from './label-keys.ts'
import type { ValueKind } from './label-values.ts'

/** The start of every label of the autoscaler. */
export const prefix = 'autoscaler.'

export type Labels = Readonly<Record<string, string>>

/** Reads the labels of one service by key, without the prefix, and collects their faults. */
export class LabelReader {
  readonly faults: PolicyFault[] = []
  readonly warnings: PolicyFault[] = []
  readonly #labels: ReadonlyMap<string, string>
  readonly #read = new Set<string>()

  constructor(labels: Labels) {
    const own = Object.entries(labels).filter(([key]) => key.startsWith(prefix))
    this.#labels = new Map(own.map(([key, text]) => [key.slice(prefix.length), text]))
  }

  /** The value of `key`. Absent: there is no such label, or its value is invalid, which is a fault. */
  optional<T>(key: string, kind: ValueKind<T>): T | undefined {
    this.#read.add(key)
    const text = this.#labels.get(key)
    if (text === undefined) return undefined
    const parsed = kind.parse(text)
    if (parsed === undefined) this.refuse(key, `must be ${kind.allowed}`)
    return parsed
  }

  /** The value of `key`. If it is missing, that is a fault. */
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

  /** Adds a warning: the value is valid, but unlikely to do what was meant. */
  warn(key: string, message: string): void {
    this.warnings.push(this.#about(key, message))
  }

  /** Refuses every label that was not read: a typing error must never become a default. */
  refuseUnread(isKnown: (key: string) => boolean): void {
    for (const key of this.#labels.keys()) {
      if (this.#read.has(key) || isKnown(key)) continue
      const near = nearestKey(key)
      this.refuse(
        key,
        `is not a label; ${near === undefined ? 'see the list of labels' : `did you mean ${prefix}${near}?`}`,
      )
    }
  }

  #about(key: string, message: string): PolicyFault {
    return defined({ key: `${prefix}${key}`, message, value: this.#labels.get(key) })
  }
}
