import type { ParsedPolicy } from '../domain/policy.ts'
import { type Labels, prefix } from './label-reader.ts'
import { readPolicy } from './read-policy.ts'
import { statePrefix } from './state-labels.ts'

/**
 * The policies of services as they were read last. Labels seldom change, and parsing them, cron patterns and time zones above
 * all, costs more than everything else that is done to read a service.
 */
export class PolicyCache {
  readonly #entries = new Map<string, { readonly source: string; readonly policy: ParsedPolicy }>()

  /** As `readPolicy`, for the service of this ID. The same object for as long as labels and memory limit stay the same. */
  read(id: string, labels: Labels, hasMemoryLimit: boolean): ParsedPolicy {
    const source = sourceOf(labels, hasMemoryLimit)
    const entry = this.#entries.get(id)
    if (entry?.source === source) return entry.policy
    const policy = readPolicy(labels, hasMemoryLimit)
    this.#entries.set(id, { source, policy })
    return policy
  }

  /** Forgets every service but those of these IDs. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#entries.delete(id)
  }
}

/** What a policy is read from, to compare. The state labels are not part of it. */
function sourceOf(labels: Labels, hasMemoryLimit: boolean): string {
  const parts: string[] = [`${hasMemoryLimit}`]
  for (const key of Object.keys(labels)) {
    if (key.startsWith(prefix) && !key.startsWith(statePrefix)) parts.push(key, labels[key] ?? '')
  }
  return JSON.stringify(parts)
}
