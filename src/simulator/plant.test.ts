import { describe, expect, it } from 'vitest'
import { Plant, type PlantOptions } from './plant.ts'

const aPlant = (over: Partial<PlantOptions> = {}) =>
  new Plant({
    load: new Float64Array(100).fill(60),
    capacity: 20,
    startUpSeconds: 8,
    saturates: false,
    replicas: 3,
    ...over,
  })

describe('a plant', () => {
  it('has new replicas work when they have started, and not a second before', () => {
    const plant = aPlant()
    plant.advanceTo(10)
    plant.scale(5)
    plant.advanceTo(17)
    expect([plant.running, plant.starting, plant.nextReadyAt]).toEqual([3, 2, 18])
    plant.advanceTo(18)
    expect([plant.running, plant.starting]).toEqual([5, 0])
    expect(plant.runningSteps).toEqual([
      { at: 0, replicas: 3 },
      { at: 18, replicas: 5 },
    ])
  })

  it('has new replicas work at once where they need no time to start', () => {
    const plant = aPlant({ startUpSeconds: 0 })
    plant.advanceTo(10)
    plant.scale(5)
    expect(plant.running).toBe(5)
  })

  it('takes away first what does not work yet, then the newest', () => {
    const plant = aPlant()
    plant.advanceTo(10)
    plant.scale(5)
    plant.advanceTo(30)
    plant.scale(8)
    plant.scale(4)
    expect([plant.running, plant.starting]).toEqual([4, 0])
    expect(plant.young.map(({ count, startedAt }) => [count, startedAt])).toEqual([[1, 10]])
    plant.scale(2)
    expect(plant.running).toBe(2)
    plant.advanceTo(60)
    expect(plant.running).toBe(2)
  })

  it('shares the load evenly among those that work', () => {
    const plant = aPlant()
    plant.advanceTo(10)
    expect(plant.servedEach).toBe(10 * 20)
    plant.scale(6)
    plant.advanceTo(28)
    expect(plant.servedEach).toBe(10 * 20 + 8 * 20 + 10 * 10)
  })

  it.each([
    [true, 20],
    [false, 60],
  ])('that saturates (%s) bears %i each of 60 on one', (saturates, each) => {
    const plant = aPlant({ replicas: 1, saturates })
    plant.advanceTo(1)
    expect(plant.servedEach).toBe(each)
  })

  it('without replicas bears nothing, and goes on when it has some', () => {
    const plant = aPlant({ replicas: 0 })
    plant.advanceTo(50)
    expect(plant.servedEach).toBe(0)
    plant.scale(1)
    plant.advanceTo(60)
    expect([plant.running, plant.servedEach]).toEqual([1, 2 * 60])
  })

  it('ends where its load does', () => {
    const plant = aPlant()
    plant.advanceTo(1_000)
    expect(plant.now).toBe(100)
  })
})
