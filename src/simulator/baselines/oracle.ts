import { Plant, type Step } from '../plant.ts'
import { type Bounds, finish, type Scene, type Supply } from '../scene.ts'
import { stepsOf } from '../score.ts'

/** A number of replicas that never changes. */
export function runFixed(scene: Scene, replicas: number): Supply {
  return supplyOf(scene, [{ at: 0, replicas }])
}

/**
 * The cheapest supply that is never below the demand, with knowledge of the future: at each moment the most that is needed until a
 * replica that is started now would run. Fewer would be too few at that time, since they must have been started by now; so no supply is
 * cheaper. `demand`: the fewest replicas that can serve the load, by second.
 */
export function runOracle(scene: Scene, demand: Int32Array, bounds: Bounds): Supply {
  return supplyOf(scene, oracleSteps(demand, scene.startUpSeconds, bounds))
}

export function oracleSteps(
  demand: Int32Array,
  startUpSeconds: number,
  { min, max }: Bounds,
): readonly Step[] {
  const { length } = demand
  const best = new Int32Array(length)
  // Seconds of falling demand; the first of them has the most in the window.
  const ahead = new Int32Array(length)
  let head = 0
  let tail = 0
  let next = 0
  for (let at = 0; at < length; at += 1) {
    for (; next < length && next <= at + startUpSeconds; next += 1) {
      while (tail > head && demandAt(demand, ahead, tail - 1) <= (demand[next] as number)) tail -= 1
      ahead[tail] = next
      tail += 1
    }
    while ((ahead[head] as number) < at) head += 1
    best[at] = Math.min(max, Math.max(min, demandAt(demand, ahead, head)))
  }
  return stepsOf(best)
}

const demandAt = (demand: Int32Array, ahead: Int32Array, index: number) =>
  demand[ahead[index] as number] as number

function supplyOf(scene: Scene, steps: readonly Step[]): Supply {
  const plant = new Plant({
    load: scene.load,
    capacity: scene.capacity,
    startUpSeconds: scene.startUpSeconds,
    saturates: false,
    replicas: steps[0]?.replicas ?? 0,
  })
  for (const { at, replicas } of steps) {
    plant.advanceTo(at)
    plant.scale(replicas)
  }
  return finish(plant)
}
