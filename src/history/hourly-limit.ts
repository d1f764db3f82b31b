const hourMs = 3_600_000

/** Allows a number of something in an hour, and no more until the next hour begins. */
export class HourlyLimit {
  readonly #most: number
  #sinceMs = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Counts one more at `nowMs`, and returns whether it is allowed. */
  allows(nowMs: number): boolean {
    // Clocks can be set back.
    if (Math.abs(nowMs - this.#sinceMs) >= hourMs) {
      this.#sinceMs = nowMs
      this.#count = 0
    }
    return ++this.#count <= this.#most
  }
}
