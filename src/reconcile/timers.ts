import type { Clock } from './ports.ts'

interface Alarm {
  /** In ms since the epoch. */
  readonly atMs: number
  readonly cancel: () => void
}

/** One alarm for each service. Setting another one calls the first one off. */
export class Timers {
  readonly #clock: Clock
  readonly #set = new Map<string, Alarm>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(name: string, delayMs: number, ring: () => void): void {
    this.cancel(name)
    const cancel = this.#clock.after(delayMs, () => {
      this.#set.delete(name)
      ring()
    })
    this.#set.set(name, { atMs: this.#clock.nowMs() + delayMs, cancel })
  }

  /** Sets an alarm, unless there is one that rings earlier. */
  bringForward(name: string, delayMs: number, ring: () => void): void {
    const before = this.#set.get(name)
    if (before === undefined || before.atMs > this.#clock.nowMs() + delayMs) this.set(name, delayMs, ring)
  }

  cancel(name: string): void {
    this.#set.get(name)?.cancel()
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
