import { expect, it } from 'vitest'
import type { Step } from './plant.ts'
import { demandOf, scoreOf, stepsOf } from './score.ts'

const steps = (...pairs: [number, number][]): Step[] => pairs.map(([at, replicas]) => ({ at, replicas }))
const scene = {
  startMs: 0,
  load: Float64Array.from({ length: 3_600 }, (_, second) => (second < 600 ? 30 : 90)),
  measure: 'requests' as const,
  capacity: 30,
  target: 20,
  startUpSeconds: 8,
}
const demand = stepsOf(demandOf(scene))

it('the demand is the fewest replicas that bear the load', () => {
  expect(demand).toEqual(steps([0, 1], [600, 3]))
})

it('a score tells what was missing, and what it cost', () => {
  const running = steps([0, 1], [720, 3])
  const desired = steps([0, 1], [700, 3])
  const score = scoreOf(scene, demand, { desired, running }, 0.5)
  expect(score).toMatchObject({ minutesAbove: 2, peak: 3, changes: 1, reversals: 0 })
  expect(score.shareAbove).toBeCloseTo((120 * 60) / (600 * 30 + 3_000 * 90), 6)
  expect(score.replicaHours).toBeCloseTo((700 + 3 * 2_900) / 3_600, 9)
  expect(score.cost).toBeCloseTo(score.replicaHours / 2, 9)
  expect(scoreOf(scene, demand, { desired, running })).not.toHaveProperty('cost')
})

it.each([
  ['up and down within ten minutes', steps([0, 1], [100, 3], [700, 1]), 1],
  ['up and down after more', steps([0, 1], [100, 3], [701, 1]), 0],
  ['twice the same way', steps([0, 1], [100, 3], [200, 5]), 0],
  ['to and fro', steps([0, 1], [100, 3], [200, 1], [300, 3]), 2],
])('%s', (_, desired, reversals) => {
  expect(scoreOf(scene, demand, { desired, running: desired }).reversals).toBe(reversals)
})
