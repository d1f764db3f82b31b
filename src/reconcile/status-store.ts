import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import { isLeftOut } from '../domain/policy.ts'
import type { Service } from '../domain/service.ts'

/** How a service stands: what is due or holds it, and by which alerts. */
export interface ServiceStatus {
  /** As it was read last. */
  readonly service: Service
  /** What the last look at it came to. */
  readonly decision: Decision
  /** Since when every look came to the same kind and reason, in ms since the epoch. */
  readonly sinceMs: number
  /** The alerts that stood at the last look. */
  readonly alerts: readonly ActiveAlert[]
  /** The last look, in ms since the epoch. */
  readonly atMs: number
}

/** How each service stood at the last look, for whoever asks. */
export class StatusStore {
  readonly #byName = new Map<string, ServiceStatus>()

  /** A service that the allowlist leaves out has none. */
  see(service: Service, decision: Decision, alerts: readonly ActiveAlert[], atMs: number): void {
    if (isLeftOut(service.policy)) {
      this.#byName.delete(service.name)
      return
    }
    const before = this.#byName.get(service.name)
    const sinceMs = before !== undefined && standsAlike(before, service, decision) ? before.sinceMs : atMs
    this.#byName.set(service.name, { service, decision, sinceMs, alerts, atMs })
  }

  /** By name. */
  all(): readonly ServiceStatus[] {
    return [...this.#byName.values()].sort((a, b) => (a.service.name < b.service.name ? -1 : 1))
  }

  /** By exact name, else by exact ID. */
  of(nameOrId: string): ServiceStatus | undefined {
    return (
      this.#byName.get(nameOrId) ?? [...this.#byName.values()].find(({ service }) => service.id === nameOrId)
    )
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** Forgets every service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name)
  }
}

/** Another service of the same name begins anew. */
function standsAlike(before: ServiceStatus, { id }: Service, { kind, reason }: Decision): boolean {
  return before.service.id === id && before.decision.kind === kind && before.decision.reason === reason
}
