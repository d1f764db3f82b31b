/** What Docker answered last. */
interface Health {
  /** Why it cannot be worked with. Absent where it can. */
  readonly error?: string
  /** In ms since the epoch. */
  readonly checkedAtMs: number
}

/** An answer serves so long, in ms: many who look at the page at once must be no burden for Docker. */
const freshForMs = 5_000

/** Asks how Docker is, and remembers the answer for some seconds. */
export class DockerHealth {
  readonly #check: () => Promise<void>
  readonly #nowMs: () => number
  #asked: { readonly atMs: number; readonly health: Promise<Health> } | undefined

  /** `check` rejects with the reason where Docker cannot be worked with. */
  constructor(check: () => Promise<void>, nowMs: () => number) {
    this.#check = check
    this.#nowMs = nowMs
  }

  /** Never rejects. */
  read(): Promise<Health> {
    const nowMs = this.#nowMs()
    // Clocks can be set back.
    if (this.#asked === undefined || Math.abs(nowMs - this.#asked.atMs) >= freshForMs) {
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
