/**
 * How the autoscaler does against Kubernetes' HPA on eight made-up loads, and how long thirty days take. README.md explains the output.
 */

import type { Policy } from '../src/domain/policy.ts'
import { runHpa } from '../src/simulator/baselines/hpa.ts'
import { compare } from '../src/simulator/comparison.ts'
import { makeLoad } from '../src/simulator/load/shapes.ts'
import type { Measure } from '../src/simulator/pipeline/scraper.ts'
import { runAutoscaler } from '../src/simulator/run.ts'
import type { Scene, Supply } from '../src/simulator/scene.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../src/simulator/score.ts'
import {
  comparedShapes,
  plainPolicy,
  policyWithWindow,
  sceneOf,
  scenesOf,
} from '../test/support/backtest-scenes.ts'
import { table } from './table.ts'

const score = (scene: Scene, supply: Supply) => scoreOf(scene, stepsOf(demandOf(scene)), supply)

interface Pair {
  readonly own: Score
  readonly hpa: Score
}

const mean = (scores: readonly Score[], field: 'minutesAbove' | 'replicaHours' | 'changes' | 'reversals') =>
  scores.reduce((sum, one) => sum + one[field], 0) / scores.length

function row(name: string, pairs: readonly Pair[]): readonly string[] {
  const own = pairs.map((pair) => pair.own)
  const hpa = pairs.map((pair) => pair.hpa)
  const [above, hpaAbove] = [mean(own, 'minutesAbove'), mean(hpa, 'minutesAbove')]
  const cost = mean(own, 'replicaHours') / mean(hpa, 'replicaHours')
  return [
    name,
    above.toFixed(2),
    hpaAbove.toFixed(2),
    hpaAbove === 0 ? '' : `${(100 * (above / hpaAbove)).toFixed(0)} %`,
    `${(100 * cost).toFixed(1)} %`,
    `${mean(own, 'changes').toFixed(0)} / ${mean(hpa, 'changes').toFixed(0)}`,
    `${mean(own, 'reversals').toFixed(1)} / ${mean(hpa, 'reversals').toFixed(1)}`,
  ]
}

function printComparison(measure: Measure, policy: Policy): void {
  const pairs = scenesOf(measure).map(({ shape, scene }) => ({
    shape,
    own: score(scene, runAutoscaler(scene, policy)),
    hpa: score(scene, runHpa(scene, policy)),
  }))
  const rows = comparedShapes.map((name) =>
    row(
      name,
      pairs.filter(({ shape }) => shape === name),
    ),
  )
  const heads = [measure, 'minutes above', 'of HPA', 'share', 'cost', 'changes / HPA', 'turned / HPA']
  console.log(`\n${table([heads, ...rows, row('mean', pairs)])}`)
}

printComparison('requests', plainPolicy)
printComparison('cpu', plainPolicy)
for (const measure of ['requests', 'cpu'] as const) {
  const scene = sceneOf('black-friday', measure)
  const { minutesAbove } = score(scene, runAutoscaler(scene, policyWithWindow))
  console.log(`\nblack-friday by ${measure}, with its window: ${minutesAbove} minutes above capacity`)
}

const month = makeLoad('week', { base: 300, seconds: 30 * 86_400 })
const began = performance.now()
const { results } = compare({
  scene: { ...sceneOf('week', 'requests'), load: month },
  policies: [{ name: 'autoscaler', policy: plainPolicy }],
})
console.log(
  `\n30 days and ${results.length} ways to scale: ${((performance.now() - began) / 1_000).toFixed(1)} s`,
)
