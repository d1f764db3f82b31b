import type { Clock } from './ports.ts'

/** One alarm for each service. Setting another one calls the first one off. */
export class Alarms {
  readonly #clock: Clock
  readonly #set = new Map<string, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(name: string, delayMs: number, ring: () => void): void {
    this.cancel(name)
    this.#set.set(name, this.#clock.after(delayMs, ring))
  }

  cancel(name: string): void {
    this.#set.get(name)?.()
    this.#set.delete(name)
  }

  cancelAll(): void {
    for (const name of [...this.#set.keys()]) this.cancel(name)
  }
}
