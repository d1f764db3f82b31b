import type { Sighting } from './sighting.ts'

/** A cgroup that is looked at by a clock of its own, every one to two intervals, and what was last seen of it. */
export class Watched {
  readonly #look: () => Sighting
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #last: Sighting | undefined

  /** `look` throws where the cgroup is gone: what was seen last then stays. */
  constructor(look: () => Sighting, intervalMs: number) {
    this.#look = look
    this.#intervalMs = intervalMs
    this.#housekeep()
  }

  /** What was seen of it, not longer ago than so. Absent where it was gone from the beginning. */
  sighting(maxAgeMs: number): Sighting | undefined {
    if (this.#last === undefined || Date.now() - this.#last.atMs > maxAgeMs) this.#lookAnew()
    return this.#last
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #housekeep(): void {
    this.#lookAnew()
    this.#timer = setTimeout(() => this.#housekeep(), this.#intervalMs * (1 + Math.random()))
  }

  #lookAnew(): void {
    try {
      this.#last = this.#look()
    } catch {
      // It has just ended: the next list will not have it.
    }
  }
}
