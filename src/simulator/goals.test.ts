import { describe, expect, it } from 'vitest'
import { plainPolicy, policyWithWindow, sceneOf, scenesOf } from '../../test/support/backtest-scenes.ts'
import type { Policy } from '../domain/policy.ts'
import { runHpa } from './baselines/hpa.ts'
import type { Measure } from './pipeline/scraper.ts'
import { runAutoscaler, shippedPipeline } from './run.ts'
import type { Scene, Supply } from './scene.ts'
import { demandOf, scoreOf, stepsOf } from './score.ts'

const score = (scene: Scene, supply: Supply) => scoreOf(scene, stepsOf(demandOf(scene)), supply)

/** Minutes above capacity and replica-hours over all loads, as shares of those of Kubernetes' HPA with its defaults. */
function againstHpa(measure: Measure) {
  const sum = { above: 0, hours: 0, hpaAbove: 0, hpaHours: 0 }
  for (const { scene } of scenesOf(measure)) {
    const own = score(scene, runAutoscaler(scene, plainPolicy))
    const hpa = score(scene, runHpa(scene, plainPolicy))
    sum.above += own.minutesAbove
    sum.hours += own.replicaHours
    sum.hpaAbove += hpa.minutesAbove
    sum.hpaHours += hpa.replicaHours
  }
  return { above: sum.above / sum.hpaAbove, cost: sum.hours / sum.hpaHours }
}

describe("over eight loads, against Kubernetes' HPA", () => {
  it('a requests signal has at most 55 % of the minutes above capacity, at no more cost', () => {
    const { above, cost } = againstHpa('requests')
    expect(above).toBeLessThanOrEqual(0.55)
    expect(cost).toBeLessThanOrEqual(1)
  })

  it('a CPU signal has at most 22 %', () => {
    expect(againstHpa('cpu').above).toBeLessThanOrEqual(0.22)
  })
})

describe('twenty times the load at a time that is known', () => {
  it.each(['requests', 'cpu'] as const)('meets no minute above capacity, by %s', (measure) => {
    const scene = sceneOf('black-friday', measure)
    expect(score(scene, runAutoscaler(scene, policyWithWindow)).minutesAbove).toBe(0)
    expect(score(scene, runAutoscaler(scene, plainPolicy)).minutesAbove).toBeGreaterThan(0)
  })
})

it('the same load and policy give the same replicas, second by second', () => {
  const once = runAutoscaler(sceneOf('bursts', 'cpu'), plainPolicy)
  expect(once.desired.length).toBeGreaterThan(50)
  expect(runAutoscaler(sceneOf('bursts', 'cpu'), plainPolicy)).toEqual(once)
})

it("Alertmanager's own defaults miss what goes up and down, and keep what nobody needs any more", () => {
  const slow = { groupWait: 30, groupInterval: 300, repeatInterval: 4 * 3_600 }
  const both = (shape: 'flapping' | 'spike') => {
    const scene = sceneOf(shape, 'requests')
    const theirs = { ...shippedPipeline, up: slow, down: slow }
    return {
      shipped: score(scene, runAutoscaler(scene, plainPolicy)),
      theirs: score(scene, runAutoscaler(scene, plainPolicy, theirs)),
    }
  }
  const [flapping, spikes] = [both('flapping'), both('spike')]
  expect(flapping.theirs.minutesAbove).toBeGreaterThan(10 * flapping.shipped.minutesAbove)
  expect(spikes.theirs.replicaHours).toBeGreaterThan(2 * spikes.shipped.replicaHours)
})

it('a signal more is one of those of which the largest counts', () => {
  const scene = sceneOf('step', 'requests')
  const received: (number | undefined)[] = []
  const alsoNeeded = (second: number, needed: number | undefined) => {
    received.push(needed)
    return second >= 600 && second < 1_200 ? 30 : undefined
  }
  const extraSignal = (policy: Policy) => (policy.max === plainPolicy.max ? alsoNeeded : undefined)
  const { desired } = runAutoscaler(scene, plainPolicy, { ...shippedPipeline, extraSignal })
  const at = (second: number) => desired.findLast((step) => step.at <= second)?.replicas
  expect(at(599)).toBeLessThan(10)
  expect(at(620)).toBe(30)
  expect(at(1_190)).toBe(30)
  expect(at(1_800)).toBeLessThan(10)
  const without = { ...plainPolicy, max: 199 }
  expect(runAutoscaler(scene, without, { ...shippedPipeline, extraSignal })).toEqual(
    runAutoscaler(scene, without),
  )
  expect(received[100]).toBeCloseTo(300 / 70, 0)
})
