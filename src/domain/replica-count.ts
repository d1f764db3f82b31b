/** The replicas of a service from `atMs` until its next count. */
export interface ReplicaCount {
  readonly service: string
  /** In ms since the epoch. */
  readonly atMs: number
  /** Replicas in the spec. */
  readonly desired: number
  /** Tasks that ran. Absent if they were not counted. */
  readonly running?: number
  /** Price of one replica for one hour at that time. Absent: there was none. */
  readonly costPerHour?: number
  /** The service was gone, or no longer opted in: from then on nothing is known of it. Absent: it was there. */
  readonly isGone?: true
}

/** A time in which a receiver read every service: the counts are right for it. Outside of all watches nothing is known. */
export interface Watch {
  /** The receiver that watched; several may have watched at once. */
  readonly receiver: string
  /** In ms since the epoch. A watch is known by its receiver and its beginning. */
  readonly fromMs: number
  readonly untilMs: number
}
