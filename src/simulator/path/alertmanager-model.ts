/** The timing of one route, in seconds. */
export interface RouteTiming {
  readonly groupWait: number
  readonly groupInterval: number
  readonly repeatInterval: number
}

/** What the receiver is told. */
export type Post =
  | { readonly kind: 'firing'; readonly replicas: number; readonly startsAt: number }
  | { readonly kind: 'resolved'; readonly endedAt: number }

/** So often Alertmanager looks for groups that have become empty, in seconds; until then their ticks go on. */
const cleanUpSeconds = 30

/**
 * The group of one alert in Alertmanager: when it is posted. It looks at its alert `groupWait` after its first one and then every
 * `groupInterval`, and posts what has changed, and what has not when more than `repeatInterval` has passed.
 * Source: `dispatch.go` and `notify/dedup_stage.go` of prometheus/alertmanager.
 */
export class AlertGroup {
  readonly #timing: RouteTiming
  #nextTickAt: number | undefined
  #alert: { replicas: number; startsAt: number; endedAt?: number } | undefined
  #postedAt: number | undefined
  #isPostedFiring = false

  constructor(timing: RouteTiming) {
    this.#timing = timing
  }

  /** When the group looks at its alert next, in seconds; infinite while there is no group. */
  get nextTickAt(): number {
    return this.#nextTickAt ?? Number.POSITIVE_INFINITY
  }

  /** What an evaluation of the rules says of the alert. */
  hear(replicas: number | undefined, now: number): void {
    if (replicas === undefined) {
      if (this.#alert !== undefined) this.#alert.endedAt ??= now
      return
    }
    const goesOn = this.#alert !== undefined && this.#alert.endedAt === undefined
    this.#alert = { replicas, startsAt: goesOn && this.#alert ? this.#alert.startsAt : now }
    this.#nextTickAt ??= now + this.#timing.groupWait
  }

  /** What is posted at `now`, which is `nextTickAt`. */
  tick(now: number): Post | undefined {
    this.#nextTickAt = now + this.#timing.groupInterval
    const alert = this.#alert
    if (alert === undefined) {
      const isSwept =
        Math.floor(now / cleanUpSeconds) > Math.floor((now - this.#timing.groupInterval) / cleanUpSeconds)
      if (isSwept) this.#nextTickAt = undefined
      return undefined
    }
    if (alert.endedAt !== undefined) {
      this.#alert = undefined
      const wasPosted = this.#isPostedFiring
      this.#isPostedFiring = false
      return wasPosted ? { kind: 'resolved', endedAt: alert.endedAt } : undefined
    }
    if (this.#isPostedFiring && now - (this.#postedAt ?? 0) <= this.#timing.repeatInterval) return undefined
    this.#isPostedFiring = true
    this.#postedAt = now
    return { kind: 'firing', replicas: alert.replicas, startsAt: alert.startsAt }
  }
}
