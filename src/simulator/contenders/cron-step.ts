import { plantOf, type Scene, type Supply } from '../run.ts'

const intervalSeconds = 300
/** It takes a replica away where the others then bear no more than so much of their target. */
const downShare = 0.9

/**
 * What many people have: a script that cron starts every five minutes, and that looks at the last five minutes. It adds a replica
 * where they bore more than their target, and takes one away where the others could bear the load.
 */
export function runCronStep(scene: Scene, bounds: { readonly min: number; readonly max: number }): Supply {
  const plant = plantOf(scene, bounds)
  let borneBefore = 0
  for (let at = intervalSeconds; at < scene.load.length; at += intervalSeconds) {
    plant.advanceTo(at)
    const use = (plant.borneEach - borneBefore) / intervalSeconds / scene.target
    borneBefore = plant.borneEach
    const { desired } = plant
    if (use > 1) plant.scale(Math.min(bounds.max, desired + 1))
    else if (use * desired < (desired - 1) * downShare) plant.scale(Math.max(bounds.min, desired - 1))
  }
  plant.advanceTo(scene.load.length)
  return { desired: plant.desiredSteps, running: plant.runningSteps }
}
