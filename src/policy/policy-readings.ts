import type { PolicyReading } from '../domain/policy.ts'
import { type Labels, prefix } from './label-reader.ts'
import { readPolicy } from './policy-labels.ts'
import { statePrefix } from './state-labels.ts'

/**
 * The policies of services as they were read last. Labels seldom change, and to read them, patterns and time zones among them, costs
 * more than all else that a look at a service does.
 */
export class PolicyReadings {
  readonly #known = new Map<string, { readonly words: string; readonly reading: PolicyReading }>()

  /** As `readPolicy`, for the service of this ID: the same object for as long as it is read from the same. */
  read(id: string, labels: Labels, hasMemoryLimit: boolean): PolicyReading {
    const words = inWords(labels, hasMemoryLimit)
    const known = this.#known.get(id)
    if (known?.words === words) return known.reading
    const reading = readPolicy(labels, hasMemoryLimit)
    this.#known.set(id, { words, reading })
    return reading
  }

  /** Forgets every service but those of these IDs. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id)
  }
}

/** What a policy is read from, to compare. The state is no part of it. */
function inWords(labels: Labels, hasMemoryLimit: boolean): string {
  const words: string[] = [`${hasMemoryLimit}`]
  for (const key of Object.keys(labels)) {
    if (key.startsWith(prefix) && !key.startsWith(statePrefix)) words.push(key, labels[key] ?? '')
  }
  return JSON.stringify(words)
}
