import type { Counter } from 'prom-client'
import type { Service } from '../domain/service.ts'

/** A service at its last reading. */
interface Counted {
  readonly atMs: number
  readonly replicas: number
  /** Whether the running ones were counted. */
  readonly isCounted: boolean
}

/**
 * Adds up the replicas of each service that ran (those in the spec, if they were not counted) from reading to reading. Time in which
 * nobody read is left out.
 */
export class ReplicaSeconds {
  readonly #counter: Counter<'service'>
  readonly #patienceMs: number
  readonly #last = new Map<string, Counted>()

  /** `patienceMs`: what happened between two readings that are further apart is not known. */
  constructor(counter: Counter<'service'>, patienceMs: number) {
    this.#counter = counter
    this.#patienceMs = patienceMs
  }

  /** A service as it was at `atMs`. */
  read({ name, runningReplicas, desiredReplicas }: Service, atMs: number): void {
    this.#add(name, atMs)
    const isCounted = runningReplicas !== undefined
    this.#last.set(name, { atMs, replicas: runningReplicas ?? desiredReplicas, isCounted })
  }

  /** The replicas in the spec were changed at `atMs`; how many run was not counted since. */
  changed({ name, desiredReplicas }: Service, atMs: number): void {
    const last = this.#last.get(name)
    this.#add(name, atMs)
    this.#last.set(
      name,
      last?.isCounted ? { ...last, atMs } : { atMs, replicas: desiredReplicas, isCounted: false },
    )
  }

  /** What happens from the last reading until the next one is not known. */
  interrupt(): void {
    this.#last.clear()
  }

  forget(service: string): void {
    this.#last.delete(service)
  }

  #add(service: string, atMs: number): void {
    const last = this.#last.get(service)
    const ms = last === undefined ? 0 : atMs - last.atMs
    const isKnown = last !== undefined && ms >= 0 && ms <= this.#patienceMs
    // A series that begins at 0 shows its first increase, too.
    this.#counter.inc({ service }, isKnown ? (last.replicas * ms) / 1_000 : 0)
  }
}
