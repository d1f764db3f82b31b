/** A service, in the unit of its load. */
export interface PlantOptions {
  /** The load that arrives, for each second. */
  readonly load: Float64Array
  /** The most that one replica can serve, > 0. */
  readonly capacity: number
  /** Time until a new replica runs, in whole seconds, >= 0. */
  readonly startUpSeconds: number
  /** Whether the measured load of a replica ends at its capacity, as CPU does. Requests are counted beyond it. */
  readonly saturates: boolean
  /** The replicas at second 0; all of them run. */
  readonly replicas: number
}

/** Replicas that were started at the same time. */
export interface Cohort {
  count: number
  readonly startedAt: number
  readonly readyAt: number
  /** The value of `servedEach` when they began to run. Absent: they do not run yet. */
  servedAtReady?: number
}

/** The number of replicas from second `at` on. */
export interface Step {
  readonly at: number
  readonly replicas: number
}

/**
 * A service on virtual time, in steps of a second. The load is shared evenly among the running replicas. The newest are removed first, as
 * in Swarm.
 */
export class Plant {
  readonly options: PlantOptions
  /** Replicas in the specification. */
  desired: number
  /** Running replicas. */
  running: number
  /** The next second; all seconds before it are over. */
  now = 0
  /** What a replica that runs since second 0 has served, in load times seconds. */
  servedEach = 0
  /** Replicas that were started within the last minute, the oldest first. */
  readonly young: Cohort[] = []
  /** Replicas removed since the last scrape. */
  readonly removed: Cohort[] = []
  readonly desiredSteps: Step[] = []
  readonly runningSteps: Step[] = []
  #nextReadyAt = Number.POSITIVE_INFINITY

  constructor(options: PlantOptions) {
    this.options = options
    this.desired = options.replicas
    this.running = options.replicas
    this.desiredSteps.push({ at: 0, replicas: this.desired })
    this.runningSteps.push({ at: 0, replicas: this.running })
  }

  get starting(): number {
    return this.desired - this.running
  }

  /** When the next replicas begin to run, in seconds; infinite: none are starting. */
  get nextReadyAt(): number {
    return this.#nextReadyAt
  }

  /** Lets time pass up to second `until`, which is not over then. */
  advanceTo(until: number): void {
    const { load, capacity, saturates } = this.options
    const end = Math.min(until, load.length)
    let { now, servedEach } = this
    while (now < end) {
      if (now >= this.#nextReadyAt) this.#markRunning(now, servedEach)
      const { running } = this
      const stop = Math.min(end, this.#nextReadyAt)
      if (running === 0) now = stop
      for (; now < stop; now += 1) {
        const share = (load[now] as number) / running
        servedEach += saturates && share > capacity ? capacity : share
      }
    }
    this.now = now
    this.servedEach = servedEach
    if (now >= this.#nextReadyAt) this.#markRunning(now, servedEach)
  }

  /** Changes the desired replicas now. */
  scale(replicas: number): void {
    const change = replicas - this.desired
    if (change === 0) return
    if (change > 0) this.#add(change)
    else this.#remove(-change)
    this.desired = replicas
    push(this.desiredSteps, this.now, this.desired)
    push(this.runningSteps, this.now, this.running)
  }

  #add(count: number): void {
    const readyAt = this.now + this.options.startUpSeconds
    this.#forgetOld()
    this.young.push({ count, startedAt: this.now, readyAt })
    this.#nextReadyAt = Math.min(this.#nextReadyAt, readyAt)
    if (readyAt <= this.now) this.#markRunning(this.now, this.servedEach)
  }

  /** Removes replicas that do not run yet first, then the newest running ones. */
  #remove(count: number): void {
    let left = count
    for (let cohort = this.young.at(-1); left > 0 && cohort !== undefined; cohort = this.young.at(-1)) {
      const removed = Math.min(left, cohort.count)
      left -= removed
      if (cohort.servedAtReady !== undefined) this.running -= removed
      this.removed.push({ ...cohort, count: removed })
      cohort.count -= removed
      if (cohort.count > 0) break
      this.young.pop()
    }
    this.running -= left
    if (left > 0) this.removed.push({ count: left, startedAt: 0, readyAt: 0, servedAtReady: 0 })
    this.#updateNextReady()
  }

  #markRunning(now: number, servedEach: number): void {
    for (const cohort of this.young) {
      if (cohort.servedAtReady !== undefined || cohort.readyAt > now) continue
      cohort.servedAtReady = servedEach
      this.running += cohort.count
      push(this.runningSteps, now, this.running)
    }
    this.#updateNextReady()
  }

  #updateNextReady(): void {
    const waiting = this.young.filter(({ servedAtReady }) => servedAtReady === undefined)
    this.#nextReadyAt = Math.min(...waiting.map(({ readyAt }) => readyAt))
  }

  #forgetOld(): void {
    const isOld = ({ readyAt }: Cohort) => readyAt + 60 < this.now
    while (this.young[0] !== undefined && isOld(this.young[0])) this.young.shift()
  }
}

function push(steps: Step[], at: number, replicas: number): void {
  const last = steps.at(-1)
  if (last?.replicas === replicas) return
  if (last?.at === at) steps.pop()
  if (steps.at(-1)?.replicas !== replicas) steps.push({ at, replicas })
}
