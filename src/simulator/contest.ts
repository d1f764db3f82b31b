import type { Policy } from '../domain/policy.ts'
import { runCronStep } from './contenders/cron-step.ts'
import { runHpa } from './contenders/hpa.ts'
import { runFixed, runOracle } from './contenders/known-beforehand.ts'
import type { Step } from './plant.ts'
import { type Path, runAutoscaler, type Scene, type Supply, shippedPath } from './run.ts'
import { demandOf, type Score, scoreOf, stepsOf } from './score.ts'

/** Who set the replicas, and how well and how dearly it went. */
export interface Result {
  readonly name: string
  /** What it is, in a sentence. */
  readonly about: string
  readonly supply: Supply
  readonly score: Score
}

export interface Contest {
  readonly scene: Scene
  /** The fewest replicas that bear the load, over time. */
  readonly demand: readonly Step[]
  /** The policies that were asked about first, then what they are compared with. */
  readonly results: readonly Result[]
}

/** A policy by its name in the report. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: Policy
  /** What one replica should bear by that policy. Absent: the target of the scene. */
  readonly target?: number
}

export interface ContestOptions {
  readonly scene: Scene
  readonly policies: readonly [NamedPolicy, ...NamedPolicy[]]
  readonly path?: Path
  /** What is run today, whatever the load. Absent: not known, and not compared with. */
  readonly fixed?: number
  /** Price of one replica for one hour. Absent: that of the first policy, where it tells one. */
  readonly costPerHour?: number
}

/** Runs policies over a load, and beside them what else one could do. All but the fixed numbers keep the bounds of the first policy. */
export function holdContest(options: ContestOptions): Contest {
  const { scene, policies, path = shippedPath } = options
  const [{ policy: first }] = policies
  const costPerHour = options.costPerHour ?? first.costPerHour
  const bounds = { min: first.min, max: mostOf(first) }
  const needed = demandOf(scene)
  const demand = stepsOf(needed)
  const peak = demand.reduce((most, { replicas }) => Math.max(most, replicas), 1)
  const enter = (name: string, about: string, supply: Supply): Result => ({
    name,
    about,
    supply,
    score: scoreOf(scene, demand, supply, costPerHour),
  })
  const { fixed } = options
  return {
    scene,
    demand,
    results: [
      ...policies.map(({ name, policy, target = scene.target }) =>
        enter(name, 'this autoscaler with that policy', runAutoscaler({ ...scene, target }, policy, path)),
      ),
      ...(fixed === undefined
        ? []
        : [enter(`fixed ${fixed}`, 'the number of today, whatever the load', runFixed(scene, fixed))]),
      enter(`fixed ${peak}`, 'enough for the peak, at all times', runFixed(scene, peak)),
      enter('best possible', 'knows the future, and pays for starting up', runOracle(scene, needed, bounds)),
      enter('Kubernetes HPA', 'with its defaults, the same target and bounds', runHpa(scene, bounds)),
      enter('cron script', 'one replica up or down each five minutes', runCronStep(scene, bounds)),
    ],
  }
}

/** The most replicas that a policy ever allows: a window's may be above its own. */
function mostOf({ max, schedules }: Policy): number {
  return Math.max(max, ...schedules.map((schedule) => schedule.max ?? 0))
}
