/** What a service is made of, in the units of its load. */
export interface PlantOptions {
  /** The load that arrives, for each second. */
  readonly load: Float64Array
  /** What one replica can bear, > 0. */
  readonly capacity: number
  /** From the change of the number until a new replica works, in whole seconds, >= 0. */
  readonly startUpSeconds: number
  /** Whether a replica at its capacity hides what it cannot bear, as CPU does. Requests are counted all the same. */
  readonly saturates: boolean
  /** The replicas that it begins with; all of them work. */
  readonly replicas: number
}

/** Replicas that were asked for at one time. */
export interface Cohort {
  count: number
  readonly bornAt: number
  readonly readyAt: number
  /** What each of its replicas had borne when it began to work, as `borneEach` counts. Absent: it does not work yet. */
  borneAtReady?: number
}

/** From second `at` on there were so many replicas. */
export interface Step {
  readonly at: number
  readonly replicas: number
}

/**
 * A service on virtual time, in steps of a second. Load is shared evenly among the replicas that work; the newest go first,
 * as Swarm has it.
 */
export class Plant {
  readonly options: PlantOptions
  /** Asked for. */
  desired: number
  /** At work. */
  running: number
  /** The second that comes next: all before it has been. */
  now = 0
  /** What one replica that has worked from the beginning has borne since, in load times seconds. */
  borneEach = 0
  /** Replicas that came within the last minute, the oldest first. */
  readonly young: Cohort[] = []
  /** Replicas removed since anybody looked last. */
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

  /** When the next replicas begin to work, in seconds; infinite where none are on their way. */
  get nextReadyAt(): number {
    return this.#nextReadyAt
  }

  /** Lets time pass until second `until`, which is not yet over then. */
  advanceTo(until: number): void {
    const { load, capacity, saturates } = this.options
    const end = Math.min(until, load.length)
    let { now, borneEach } = this
    while (now < end) {
      if (now >= this.#nextReadyAt) this.#welcome(now, borneEach)
      const { running } = this
      const stop = Math.min(end, this.#nextReadyAt)
      if (running === 0) now = stop
      for (; now < stop; now += 1) {
        const share = (load[now] as number) / running
        borneEach += saturates && share > capacity ? capacity : share
      }
    }
    this.now = now
    this.borneEach = borneEach
    if (now >= this.#nextReadyAt) this.#welcome(now, borneEach)
  }

  /** Changes the number that is asked for, now. */
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
    this.young.push({ count, bornAt: this.now, readyAt })
    this.#nextReadyAt = Math.min(this.#nextReadyAt, readyAt)
    if (readyAt <= this.now) this.#welcome(this.now, this.borneEach)
  }

  /** Those that do not work yet go first, then the newest of those that do. */
  #remove(count: number): void {
    let left = count
    for (let cohort = this.young.at(-1); left > 0 && cohort !== undefined; cohort = this.young.at(-1)) {
      const going = Math.min(left, cohort.count)
      left -= going
      if (cohort.borneAtReady !== undefined) this.running -= going
      this.removed.push({ ...cohort, count: going })
      cohort.count -= going
      if (cohort.count > 0) break
      this.young.pop()
    }
    this.running -= left
    if (left > 0) this.removed.push({ count: left, bornAt: 0, readyAt: 0, borneAtReady: 0 })
    this.#findNextReady()
  }

  #welcome(now: number, borneEach: number): void {
    for (const cohort of this.young) {
      if (cohort.borneAtReady !== undefined || cohort.readyAt > now) continue
      cohort.borneAtReady = borneEach
      this.running += cohort.count
      push(this.runningSteps, now, this.running)
    }
    this.#findNextReady()
  }

  #findNextReady(): void {
    const waiting = this.young.filter(({ borneAtReady }) => borneAtReady === undefined)
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
