import { type Bounds, finish, plantOf, type Scene, type Supply } from '../scene.ts'

const intervalSeconds = 300
/** It removes a replica if the others would then serve less than this share of their target. */
const downShare = 0.9

/**
 * A common script: started by cron every five minutes, it looks at the mean of the last five minutes, adds a replica if they served more
 * than their target, and removes one if the others can serve the load.
 */
export function runCronStep(scene: Scene, bounds: Bounds): Supply {
  const plant = plantOf(scene, bounds)
  let servedBefore = 0
  for (let at = intervalSeconds; at < scene.load.length; at += intervalSeconds) {
    plant.advanceTo(at)
    const use = (plant.servedEach - servedBefore) / intervalSeconds / scene.target
    servedBefore = plant.servedEach
    const { desired } = plant
    if (use > 1) plant.scale(Math.min(bounds.max, desired + 1))
    else if (use * desired < (desired - 1) * downShare) plant.scale(Math.max(bounds.min, desired - 1))
  }
  return finish(plant)
}
