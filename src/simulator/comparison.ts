import type { Policy } from '../domain/policy.ts'
import { runCronStep } from './baselines/cron-step.ts'
import { runHpa } from './baselines/hpa.ts'
import { runFixed, runOracle } from './baselines/oracle.ts'
import type { Step } from './plant.ts'
import { type Pipeline, runAutoscaler, shippedPipeline } from './run.ts'
import type { Scene, Supply } from './scene.ts'
import { demandOf, type Score, scoreOf, stepsOf } from './score.ts'

/** One way to set the replicas, and its score. */
export interface Result {
  readonly name: string
  /** What it is, in a sentence. */
  readonly about: string
  readonly supply: Supply
  readonly score: Score
}

export interface Comparison {
  readonly scene: Scene
  /** The fewest replicas that can serve the load, over time. */
  readonly demand: readonly Step[]
  /** The given policies first, then the baselines. */
  readonly results: readonly Result[]
}

/** A policy by its name in the report. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: Policy
  /** The load that one replica should serve by that policy. Absent: the target of the scene. */
  readonly target?: number
}

export interface ComparisonOptions {
  readonly scene: Scene
  readonly policies: readonly [NamedPolicy, ...NamedPolicy[]]
  readonly pipeline?: Pipeline
  /** The current number of replicas. Absent: not known, and not compared with. */
  readonly fixed?: number
  /** Price of one replica for one hour. Absent: that of the first policy, if it has one. */
  readonly costPerHour?: number
}

/** Runs policies and baselines on a load. All but the fixed numbers keep the bounds of the first policy. */
export function compare(options: ComparisonOptions): Comparison {
  const { scene, policies, pipeline = shippedPipeline } = options
  const [{ policy: first }] = policies
  const costPerHour = options.costPerHour ?? first.costPerHour
  const bounds = { min: first.min, max: maxOf(first) }
  const needed = demandOf(scene)
  const demand = stepsOf(needed)
  const peak = demand.reduce((most, { replicas }) => Math.max(most, replicas), 1)
  const result = (name: string, about: string, supply: Supply): Result => ({
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
        result(
          name,
          'this autoscaler with that policy',
          runAutoscaler({ ...scene, target }, policy, pipeline),
        ),
      ),
      ...(fixed === undefined
        ? []
        : [result(`fixed ${fixed}`, 'the current number, at any load', runFixed(scene, fixed))]),
      result(`fixed ${peak}`, 'enough for the peak, all the time', runFixed(scene, peak)),
      result('best possible', 'knows the future, and pays for starting up', runOracle(scene, needed, bounds)),
      result('Kubernetes HPA', 'with its defaults, the same target and bounds', runHpa(scene, bounds)),
      result('cron script', 'one replica up or down every five minutes', runCronStep(scene, bounds)),
    ],
  }
}

/** The most replicas that a policy ever allows: the `max` of a window may be above its own. */
function maxOf({ max, schedules }: Policy): number {
  return Math.max(max, ...schedules.map((schedule) => schedule.max ?? 0))
}
