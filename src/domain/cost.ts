/** What is asked of the cost of services. */
export interface CostQuery {
  /** Absent: every service that was there in that time, or of which nobody knows. */
  readonly service?: string
  /** The time asked about, in ms since the epoch: `sinceMs` is in it, `untilMs` is not. */
  readonly sinceMs: number
  readonly untilMs: number
  /** A number of replicas to compare with, >= 0. Absent: only the peak is compared with. */
  readonly fixed?: number
  /** Also in parts: by the days of a time zone (IANA name). Absent: only the whole. */
  readonly byDayIn?: string
}

/**
 * Why nothing is known of a part of the time. Where several hold, the first of them.
 * - `not_yet`: it lies in the future, or after the last reading of a receiver that still runs.
 * - `before_first_count`: the service was not there, had not opted in, or the history does not reach back so far.
 * - `gone`: the service was gone, or no longer opted in, at the last resync.
 * - `not_watched`: no receiver saw Swarm.
 */
export const gapReasons = ['not_yet', 'before_first_count', 'gone', 'not_watched'] as const

/** A part of the time asked about of which nothing is known. */
export interface CostGap {
  readonly fromMs: number
  readonly untilMs: number
  readonly reason: (typeof gapReasons)[number]
}

/**
 * Replicas that ran, and their price, over one time. Gaps are left out of every number, and never counted as zero. Numbers of two times
 * that follow each other add up to those of both together; `average`, `peak` and what is saved against the peak do not.
 */
export interface Usage {
  readonly fromMs: number
  readonly untilMs: number
  /** How much of that time is known, in seconds: what all else is reckoned over. */
  readonly knownSeconds: number
  readonly replicaSeconds: number
  /** Time-weighted mean of the replicas. Absent if nothing is known. */
  readonly average?: number
  /** Most replicas at any time. Absent if nothing is known. */
  readonly peak?: number
  /**
   * By `autoscaler.cost` as it was at each time, in the currency of the installation. If there was a price for part of the known time
   * only, of that part alone: `pricedSeconds` says how much it is. Absent if there was none.
   */
  readonly cost?: number
  /** How much of the known time had a price, in seconds, where that is some of it and not all. Absent: all of it, or none. */
  readonly pricedSeconds?: number
  /** Against running the peak all of the known time. Absent if nothing is known. */
  readonly savedAgainstPeak?: Saving
  /** Against the number that was asked for. Absent if none was, and where nothing is known. */
  readonly savedAgainstFixed?: Saving
}

/** Replica-seconds and money that were not spent; below 0: that were spent on top. */
export interface Saving {
  /** The replicas compared with. */
  readonly replicas: number
  readonly replicaSeconds: number
  /** Of the time that had a price, as `Usage.cost`. Absent if there was none. */
  readonly cost?: number
}

export interface ServiceCost extends Usage {
  readonly service: string
  /** The first one first, without overlaps. Together with the known time they make up the whole. */
  readonly gaps: readonly CostGap[]
  /** By day, the first one first; the first and the last day end when the requested time does. Absent if it was not asked for. */
  readonly days?: readonly Usage[]
}
