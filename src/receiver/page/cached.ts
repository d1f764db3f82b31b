/** A read that took long is cached this many times as long, so that reading does not become the main work. */
const restFactor = 20

/**
 * The last value read, cached for at least `leastMs`: pages open in many browsers cost no more than one. Concurrent calls share
 * one read. A failure is not cached.
 */
export class Cached<T> {
  readonly #read: () => Promise<T>
  readonly #leastMs: number
  readonly #nowMs: () => number
  #last: { readonly value: Promise<T>; untilMs: number } | undefined

  constructor(options: {
    readonly read: () => Promise<T>
    readonly leastMs: number
    readonly nowMs: () => number
  }) {
    this.#read = options.read
    this.#leastMs = options.leastMs
    this.#nowMs = options.nowMs
  }

  get(): Promise<T> {
    const nowMs = this.#nowMs()
    if (this.#last !== undefined && nowMs < this.#last.untilMs) return this.#last.value
    const last = { value: this.#read(), untilMs: Number.POSITIVE_INFINITY }
    this.#last = last
    last.value.then(
      () => {
        const endMs = this.#nowMs()
        last.untilMs = Math.max(nowMs + this.#leastMs, endMs + restFactor * (endMs - nowMs))
      },
      () => {
        last.untilMs = Number.NEGATIVE_INFINITY
      },
    )
    return last.value
  }
}
