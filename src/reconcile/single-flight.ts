/**
 * Runs one job at a time. Whoever asks while a run is under way shares the one run that follows it: that run starts after
 * all of them asked, and so sees everything they brought.
 */
export class SingleFlight<T, In = undefined> {
  readonly #job: (input?: In) => Promise<T>
  #running: Promise<T> | undefined
  #next: Promise<T> | undefined

  constructor(job: (input?: In) => Promise<T>) {
    this.#job = job
  }

  /**
   * Resolves with the outcome of a run that started after this call. Rejects as the job does. `input`: what is in hand for a run
   * that starts at once; one that has to wait does without, since it would be out of date by then.
   */
  run(input?: In): Promise<T> {
    if (this.#running === undefined) return this.#start(input)
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

  #start(input?: In): Promise<T> {
    this.#next = undefined
    this.#running = this.#job(input).finally(() => {
      // If a run waits, the queue stays taken until that one has begun.
      if (this.#next === undefined) this.#running = undefined
    })
    return this.#running
  }
}
