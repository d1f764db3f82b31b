/**
 * Runs one job at a time. Whoever asks while a run is under way shares the one run that follows it: that run starts after
 * all of them asked, and so sees everything they brought.
 */
export class SingleFlight<T> {
  readonly #job: () => Promise<T>
  #running: Promise<T> | undefined
  #next: Promise<T> | undefined

  constructor(job: () => Promise<T>) {
    this.#job = job
  }

  /** Resolves with the outcome of a run that started after this call. Rejects as the job does. */
  run(): Promise<T> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    )
    return this.#next
  }

  get isIdle(): boolean {
    return this.#running === undefined
  }

  /** Resolves when nothing runs and nothing waits, however the runs end. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) {
      await Promise.allSettled([this.#next ?? this.#running])
    }
  }

  #start(): Promise<T> {
    this.#next = undefined
    this.#running = this.#job().finally(() => {
      // Where a run waits, the lane stays taken until that one has begun.
      if (this.#next === undefined) this.#running = undefined
    })
    return this.#running
  }
}
