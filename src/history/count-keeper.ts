import { defined } from '../domain/defined.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { Service } from '../domain/service.ts'

/** Knows how many replicas each service had last, and tells every change of it. */
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

  /** A service as it was read at `atMs`. What others changed counts from the time of their update, where Swarm tells it. */
  saw(service: Service, atMs: number): void {
    if (!isCounted(service)) {
      this.gone(service.name, atMs)
      return
    }
    const last = this.#last.get(service.name)
    const { desiredReplicas: desired, updatedAtMs = atMs } = service
    const seenAtMs = this.#seenAtMs.get(service.name)
    if (last !== undefined && last.desired !== desired && seenAtMs !== undefined) {
      // Not before it was seen last: clocks can differ.
      const changedAtMs = Math.max(seenAtMs, updatedAtMs)
      if (changedAtMs < atMs) this.#set({ ...last, desired, atMs: changedAtMs })
    }
    this.#seenAtMs.set(service.name, atMs)
    this.#set(countOf(service, service.runningReplicas, atMs))
  }

  /**
   * A watch begins: each service is counted anew, changed or not. Another receiver may have written counts that this one knows nothing
   * of, and have left.
   */
  beginWatch(): void {
    this.#counted.clear()
  }

  /**
   * The service was changed, as is known at `atMs`; how many run was not counted since. A change whose answer was lost is known later
   * than it was made: Swarm tells of an update since the last look then.
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

/** Only services that have opted in and have a number of replicas are counted. */
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
