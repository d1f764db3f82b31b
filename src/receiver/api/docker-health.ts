/** The last answer of Docker. */
interface Health {
  /** Why Docker cannot be used. Absent: it can. */
  readonly error?: string
  /** In ms since the epoch. */
  readonly checkedAtMs: number
}

/** Checks Docker, and caches the answer: many requests at once must be no load for Docker. */
export class DockerHealth {
  readonly #check: () => Promise<void>
  readonly #nowMs: () => number
  readonly #freshForMs: number
  #asked: { readonly atMs: number; readonly health: Promise<Health> } | undefined

  /** `check` rejects with the reason if Docker cannot be used. `freshForMs`: how long an answer is cached, in ms. Default 5 s. */
  constructor(check: () => Promise<void>, nowMs: () => number, freshForMs = 5_000) {
    this.#check = check
    this.#nowMs = nowMs
    this.#freshForMs = freshForMs
  }

  /** Never rejects. */
  read(): Promise<Health> {
    const nowMs = this.#nowMs()
    // Clocks can be set back.
    if (this.#asked === undefined || Math.abs(nowMs - this.#asked.atMs) >= this.#freshForMs) {
      this.#asked = { atMs: nowMs, health: this.#ask(nowMs) }
    }
    return this.#asked.health
  }

  async #ask(checkedAtMs: number): Promise<Health> {
    try {
      await this.#check()
      return { checkedAtMs }
    } catch (thrown) {
      return { error: thrown instanceof Error ? thrown.message : String(thrown), checkedAtMs }
    }
  }
}
