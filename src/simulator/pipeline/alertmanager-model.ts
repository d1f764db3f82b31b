/** The timing of one route, in seconds. */
export interface RouteTiming {
  readonly groupWait: number
  readonly groupInterval: number
  readonly repeatInterval: number
}

/** What Alertmanager posts to the receiver. */
export type Post =
  | { readonly kind: 'firing'; readonly replicas: number; readonly startsAt: number }
  | { readonly kind: 'resolved'; readonly endedAt: number }

/** Interval at which Alertmanager removes empty groups, in seconds; until then they keep ticking. */
const cleanUpSeconds = 30

/**
 * The group of one alert in Alertmanager. It ticks `groupWait` after its first alert and then every `groupInterval`. A tick posts a change
 * at once, and an unchanged alert after more than `repeatInterval`.
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

  /** The next tick, in seconds; infinite: there is no group. */
  get nextTickAt(): number {
    return this.#nextTickAt ?? Number.POSITIVE_INFINITY
  }

  /** Takes the result of an evaluation of the rules; undefined: the alert does not fire. */
  update(replicas: number | undefined, now: number): void {
    if (replicas === undefined) {
      if (this.#alert !== undefined) this.#alert.endedAt ??= now
      return
    }
    const isContinued = this.#alert !== undefined && this.#alert.endedAt === undefined
    this.#alert = { replicas, startsAt: isContinued && this.#alert ? this.#alert.startsAt : now }
    this.#nextTickAt ??= now + this.#timing.groupWait
  }

  /** The post at `now`, which is `nextTickAt`. Absent: nothing is posted. */
  tick(now: number): Post | undefined {
    this.#nextTickAt = now + this.#timing.groupInterval
    const alert = this.#alert
    if (alert === undefined) {
      const isRemoved =
        Math.floor(now / cleanUpSeconds) > Math.floor((now - this.#timing.groupInterval) / cleanUpSeconds)
      if (isRemoved) this.#nextTickAt = undefined
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
