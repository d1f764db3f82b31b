const hourMs = 3_600_000

/** Lets so many of something through in an hour, and no more until the next one begins. */
export class HourlyMost {
  readonly #most: number
  #sinceMs = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Counts one more at `nowMs`; whether it may pass. */
  passes(nowMs: number): boolean {
    // Clocks can be set back.
    if (Math.abs(nowMs - this.#sinceMs) >= hourMs) {
      this.#sinceMs = nowMs
      this.#count = 0
    }
    return ++this.#count <= this.#most
  }
}
