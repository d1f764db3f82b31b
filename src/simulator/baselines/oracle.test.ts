import { expect, it } from 'vitest'
import { randomFrom } from '../load/random.ts'
import { demandOf, scoreOf, stepsOf } from '../score.ts'
import { oracleSteps, runFixed, runOracle } from './oracle.ts'

const startUpSeconds = 2
const bounds = { min: 0, max: 3 }

/** The replica-seconds of the cheapest of all numbers by second that keep the demand, found by trying every one. */
function cheapestByForce(demand: Int32Array): number {
  let best = Number.POSITIVE_INFINITY
  const asked: number[] = []
  const isKept = (at: number) => {
    // What works at a second was asked for all the time since it was begun; before second 0 all that is asked for at 0.
    const since = asked.slice(Math.max(0, at - startUpSeconds), at + 1)
    return Math.min(...since) >= (demand[at] as number)
  }
  const tryFrom = (at: number, cost: number) => {
    if (cost >= best) return
    if (at === demand.length) {
      best = cost
      return
    }
    for (let replicas = bounds.min; replicas <= bounds.max; replicas += 1) {
      asked[at] = replicas
      asked.length = at + 1
      if (isKept(at)) tryFrom(at + 1, cost + replicas)
    }
  }
  tryFrom(0, 0)
  return best
}

const cases = Array.from({ length: 60 }, (_, seed) => {
  const random = randomFrom(seed)
  return Int32Array.from({ length: 8 }, () => Math.floor(random() * (bounds.max + 1)))
})

it.each(cases.map((demand) => [demand.join(' '), demand] as const))(
  'of the demand %s the best possible costs what trying all finds',
  (_, demand) => {
    const scene = {
      startMs: 0,
      load: Float64Array.from(demand),
      measure: 'requests' as const,
      capacity: 1,
      target: 1,
      startUpSeconds,
    }
    const score = scoreOf(scene, stepsOf(demand), runOracle(scene, demandOf(scene), bounds))
    expect(score.replicaHours * 3_600).toBeCloseTo(cheapestByForce(demand), 9)
    expect(score).toMatchObject({ minutesAbove: 0, shareAbove: 0 })
  },
)

it('the best possible stays within the bounds', () => {
  const steps = oracleSteps(Int32Array.of(0, 9, 9, 0, 0, 0), 1, { min: 1, max: 5 })
  expect(steps).toEqual([
    { at: 0, replicas: 5 },
    { at: 3, replicas: 1 },
  ])
})

it('a fixed number never changes', () => {
  const scene = {
    startMs: 0,
    load: Float64Array.of(1, 5, 9),
    measure: 'requests' as const,
    capacity: 2,
    target: 1,
    startUpSeconds,
  }
  expect(runFixed(scene, 4)).toEqual({ desired: [{ at: 0, replicas: 4 }], running: [{ at: 0, replicas: 4 }] })
})
