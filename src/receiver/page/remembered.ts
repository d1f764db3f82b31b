/** What a look that took long is kept for, in times of what it took: looking again and again must not become the main work. */
const restFactor = 20

/**
 * What was read last, for all who ask within `leastMs` of it: pages that are open in many browsers cost no more than one. What is
 * being read is waited for together; what failed is read again by the next.
 */
export class Remembered<T> {
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
