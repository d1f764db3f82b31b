import type { Measure } from './pipeline/scraper.ts'
import { Plant, type Step } from './plant.ts'

/** A load, and the replicas that serve it. */
export interface Scene {
  /** The time of second 0, in ms since the epoch. */
  readonly startMs: number
  /** For each second, in the unit of `capacity` and `target`. */
  readonly load: Float64Array
  readonly measure: Measure
  /** The most that one replica can serve, > 0. */
  readonly capacity: number
  /** The load that one replica should serve, > 0. */
  readonly target: number
  /** Time until a new replica serves load, in whole seconds. */
  readonly startUpSeconds: number
}

/** Fewest and most replicas. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** Replicas over time. */
export interface Supply {
  readonly desired: readonly Step[]
  readonly running: readonly Step[]
}

/** A plant that starts with the replicas that its load needs, within the bounds. */
export function plantOf(scene: Scene, bounds: Bounds): Plant {
  const needed = Math.ceil((scene.load[0] ?? 0) / scene.target - 1e-9)
  return new Plant({
    load: scene.load,
    capacity: scene.capacity,
    startUpSeconds: scene.startUpSeconds,
    saturates: scene.measure === 'cpu',
    replicas: Math.min(bounds.max, Math.max(bounds.min, needed)),
  })
}

/** Lets the rest of the load pass. */
export function finish(plant: Plant): Supply {
  plant.advanceTo(plant.options.load.length)
  return { desired: plant.desiredSteps, running: plant.runningSteps }
}
