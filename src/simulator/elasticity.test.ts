import { expect, it } from 'vitest'
import { elasticityOf } from './elasticity.ts'
import type { Step } from './plant.ts'

const steps = (...pairs: [number, number][]): Step[] => pairs.map(([at, replicas]) => ({ at, replicas }))

it('of the known example are those that are known', () => {
  const demand = steps([0, 1], [7, 5], [16, 3], [17, 2], [19, 4])
  const supply = steps([0, 1], [2, 2], [3, 1], [5, 3], [9, 7], [11, 6], [12, 8], [14, 2])
  expect(elasticityOf(demand, supply, 20)).toEqual({
    underAccuracy: 13 / 20,
    overAccuracy: 16 / 20,
    underTimeshare: 6 / 20,
    overTimeshare: 8 / 20,
    jitter: (7 - 4) / 20,
  })
})

it('of a supply that is the demand are zero', () => {
  const demand = steps([0, 1], [7, 5])
  expect(Object.values(elasticityOf(demand, demand, 20))).toEqual([0, 0, 0, 0, 0])
})

it('do not count what lies behind the end', () => {
  const figures = elasticityOf(steps([0, 2], [30, 9]), steps([0, 1]), 20)
  expect(figures).toMatchObject({ underAccuracy: 1, underTimeshare: 1 })
})
