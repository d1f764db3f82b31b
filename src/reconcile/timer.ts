import type { Clock } from './ports.ts'

/** When a service is checked next without any event. One time at most: setting another replaces the first. */
export class Timer {
  readonly #clock: Clock
  readonly #ring: () => void
  #set: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** `delayMs`: from now on, in ms. */
  set(delayMs: number): void {
    this.cancel()
    const cancel = this.#clock.after(delayMs, () => {
      this.#set = undefined
      this.#ring()
    })
    this.#set = { atMs: this.#clock.nowMs() + delayMs, cancel }
  }

  /** Sets the timer, unless it rings earlier anyway. */
  bringForward(delayMs: number): void {
    if (this.#set === undefined || this.#set.atMs > this.#clock.nowMs() + delayMs) this.set(delayMs)
  }

  cancel(): void {
    this.#set?.cancel()
    this.#set = undefined
  }
}
