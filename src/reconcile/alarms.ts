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
    const cancel = this.#clock.after(delayMs, () => {
      this.#set.delete(name)
      ring()
    })
    this.#set.set(name, cancel)
  }

  cancel(name: string): void {
    this.#set.get(name)?.()
    this.#set.delete(name)
  }

  cancelAll(): void {
    this.keepOnly(new Set())
  }

  /** Calls off the alarms of every service but these. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#set.keys()) if (!names.has(name)) this.cancel(name)
  }
}
