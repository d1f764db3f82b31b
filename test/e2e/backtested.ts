import { beforeEach, expect, it } from 'vitest'
import type { Policy } from '../../src/domain/policy.ts'
import type { Step } from '../../src/simulator/plant.ts'
import { runAutoscaler } from '../../src/simulator/run.ts'
import { type LoopReport, lightLoad } from '../support/demo/loop.ts'
import { aPolicy } from '../support/fakes/builders.ts'
import type { Outcome } from '../support/story/story.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'

const { calm, high, target } = lightLoad
/** Calm seconds before the load rises, and seconds without load after the last change, that are run on the clock as well. */
const before = 60
const after = 30

/** The policy of the demo service in the loop: its labels, and the hurried downs. */
const policy: Policy = aPolicy({
  targets: { requests: target },
  down: {
    step: { unit: 'replicas', value: 1 },
    maxStep: [{ unit: 'percent', value: 100 }],
    cooldownMs: 10_000,
    stabilizationMs: 20_000,
  },
})

interface Run {
  /** The replicas asked for, at each second. */
  readonly replicas: readonly number[]
  /** Seconds from the rise of the load to the first change up. */
  readonly upAfter: number
  /** Seconds from the end of the load to one replica. */
  readonly backAfter: number
}

/** The backtest sees the load that the loop has seen, and its replicas are held against those of the loop. */
export function describeBacktest(loop: Outcome<LoopReport>): void {
  describeWithEngine('the backtest of the load that the loop has seen', () => {
    let real: Run
    let model: Run

    beforeEach((context) => {
      const report = loop.of(context)
      if (real !== undefined) return
      real = realRun(report)
      model = modelRun(report)
      const told = ({ replicas, upAfter, backAfter }: Run) =>
        `first change after ${upAfter} s, at most ${Math.max(...replicas)}, back after ${backAfter} s, ${sum(replicas)} replica-seconds`
      console.log(`the loop:     ${told(real)}\nthe backtest: ${told(model)}`)
    })

    it('begins to scale within a few evaluations of the loop', () => {
      expect(Math.abs(model.upAfter - real.upAfter)).toBeLessThanOrEqual(12)
    })

    it('goes as far, within two replicas', () => {
      const most = [model, real].map(({ replicas }) => Math.max(...replicas))
      expect(Math.abs((most[0] ?? 0) - (most[1] ?? 0))).toBeLessThanOrEqual(2)
    })

    it('comes back within one more tick of the downs', () => {
      expect(Math.abs(model.backAfter - real.backAfter)).toBeLessThanOrEqual(45)
    })

    it('takes as many replica-seconds, within a quarter', () => {
      const ratio = sum(model.replicas) / sum(real.replicas)
      expect(ratio).toBeGreaterThan(0.75)
      expect(ratio).toBeLessThan(1.25)
    })
  })
}

/** Seconds from the beginning of both runs. */
function secondsOf(report: LoopReport) {
  const startMs = report.loadAtMs - before * 1_000
  const second = (atMs: number) => Math.round((atMs - startMs) / 1_000)
  return {
    startMs,
    second,
    up: before,
    down: second(report.loadStoppedAtMs),
    length: second(report.backAtMs) + after,
  }
}

function realRun(report: LoopReport): Run {
  const { second, length } = secondsOf(report)
  const steps = report.scalings
    .filter(({ atMs }) => atMs > report.loadAtMs)
    .map(({ atMs, to }) => ({ at: second(atMs), replicas: to }))
  return runOf(report, [{ at: 0, replicas: 1 }, ...steps], length)
}

function modelRun(report: LoopReport): Run {
  // As much longer as the model may take.
  const { startMs, up, down, length } = secondsOf(report)
  const load = Float64Array.from({ length: length + 60 }, (_, second) =>
    second < up ? calm : second < down ? high : 0,
  )
  const startUpSeconds = Math.round((report.convergedAtMs - report.appliedAtMs) / 1_000)
  const scene = { startMs, load, measure: 'requests', capacity: 2 * target, target, startUpSeconds } as const
  return runOf(report, runAutoscaler(scene, policy).desired, length)
}

function runOf(report: LoopReport, steps: readonly Step[], length: number): Run {
  const { up, down } = secondsOf(report)
  const replicas = Array.from(
    { length },
    (_, second) => steps.findLast(({ at }) => at <= second)?.replicas ?? 1,
  )
  const firstUp = steps.find(({ at, replicas: to }) => at >= up && to > 1)
  const back = steps.find(({ at, replicas: to }) => at >= down && to === 1)
  return {
    replicas,
    upAfter: (firstUp?.at ?? Number.POSITIVE_INFINITY) - up,
    backAfter: (back?.at ?? Number.POSITIVE_INFINITY) - down,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
