/** From `atMs` on a service had so many replicas, until its next count. */
export interface ReplicaCount {
  readonly service: string
  /** In ms since the epoch. */
  readonly atMs: number
  /** Replicas in the spec. */
  readonly desired: number
  /** Tasks that ran. Absent where they were not counted. */
  readonly running?: number
  /** Price of one replica for one hour at that time. Absent: none was told. */
  readonly costPerHour?: number
  /** The service was gone, or no longer opted in: from here on nothing is known of it. Absent: it was there. */
  readonly isGone?: true
}

/** A time in which a receiver saw every service: what the counts say is true for it. Outside of all watches nothing is known. */
export interface Watch {
  /** The receiver that watched; several may have watched at once. */
  readonly receiver: string
  /** In ms since the epoch. A watch is known by its receiver and its beginning. */
  readonly fromMs: number
  readonly untilMs: number
}
