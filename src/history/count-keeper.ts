import { defined } from '../domain/defined.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { Service } from '../domain/service.ts'

/** Tracks the replicas of each service, and writes each change. */
export class CountKeeper {
  readonly #last = new Map<string, ReplicaCount>()
  /** The services that were counted since the watch began. */
  readonly #counted = new Set<string>()
  /** When each service was seen last, in ms since the epoch. */
  readonly #seenAtMs = new Map<string, number>()
  readonly #write: (count: ReplicaCount) => void

  constructor(write: (count: ReplicaCount) => void) {
    this.#write = write
  }

  /** A service as read at `atMs`. An external change counts from the time of its update, if Swarm has it. */
  saw(service: Service, atMs: number): void {
    if (!isCounted(service)) {
      this.gone(service.name, atMs)
      return
    }
    const last = this.#last.get(service.name)
    const { desiredReplicas: desired, updatedAtMs = atMs } = service
    const seenAtMs = this.#seenAtMs.get(service.name)
    if (last !== undefined && last.desired !== desired && seenAtMs !== undefined) {
      // Not before the last read: clocks can differ.
      const changedAtMs = Math.max(seenAtMs, updatedAtMs)
      if (changedAtMs < atMs) this.#set({ ...last, desired, atMs: changedAtMs })
    }
    this.#seenAtMs.set(service.name, atMs)
    this.#set(countOf(service, service.runningReplicas, atMs))
  }

  /**
   * A watch begins: each service is counted again, changed or not. Another receiver may have written counts since, and stopped.
   */
  beginWatch(): void {
    this.#counted.clear()
  }

  /**
   * The service was changed, which is known at `atMs`; running tasks were not counted since. If the answer to the update was lost, the change
   * is known late: then Swarm has an update after the last read.
   */
  changed(service: Service, atMs: number): void {
    const { name, updatedAtMs = 0 } = service
    const isKnownLate = updatedAtMs > (this.#seenAtMs.get(name) ?? Number.POSITIVE_INFINITY)
    const changedAtMs = isKnownLate ? Math.min(atMs, updatedAtMs) : atMs
    this.#seenAtMs.set(name, atMs)
    this.#set(countOf(service, this.#last.get(name)?.running, changedAtMs))
  }

  /** From `atMs` on nothing is known of this service. */
  gone(service: string, atMs: number): void {
    this.#seenAtMs.delete(service)
    this.#counted.delete(service)
    if (this.#last.delete(service)) this.#write({ service, atMs, desired: 0, isGone: true })
  }

  #set(count: ReplicaCount): void {
    const last = this.#last.get(count.service)
    if (last !== undefined && isSame(last, count) && this.#counted.has(count.service)) return
    this.#counted.add(count.service)
    this.#last.set(count.service, count)
    this.#write(count)
  }
}

/** Only enabled services in replicated mode are counted. */
function isCounted({ policy, mode }: Service): boolean {
  return policy.kind !== 'not_enabled' && mode === 'replicated'
}

function countOf(
  { name, desiredReplicas: desired, policy }: Service,
  running: number | undefined,
  atMs: number,
): ReplicaCount {
  const costPerHour = policy.kind === 'valid' ? policy.policy.costPerHour : undefined
  return { service: name, atMs, desired, ...defined({ running, costPerHour }) }
}

function isSame(a: ReplicaCount, b: ReplicaCount): boolean {
  return a.desired === b.desired && a.running === b.running && a.costPerHour === b.costPerHour
}
