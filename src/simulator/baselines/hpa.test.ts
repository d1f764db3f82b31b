import { describe, expect, it } from 'vitest'
import type { Measure } from '../pipeline/scraper.ts'
import type { Scene } from '../scene.ts'
import { runCronStep } from './cron-step.ts'
import { runHpa } from './hpa.ts'

const bounds = { min: 1, max: 100 }
const minutes = (count: number) => count * 60

/** Replicas that can bear 100 and should bear 50, and start within 8 s. */
const aScene = (load: (second: number) => number, seconds: number, measure: Measure = 'requests'): Scene => ({
  startMs: 0,
  load: Float64Array.from({ length: seconds }, (_, second) => load(second)),
  measure,
  capacity: 100,
  target: 50,
  startUpSeconds: 8,
})

const desiredOf = (scene: Scene, within = bounds) =>
  runHpa(scene, within).desired.map(({ at, replicas }) => [at, replicas])
const lastOf = (scene: Scene, within = bounds) => desiredOf(scene, within).at(-1)?.[1]

describe("Kubernetes' HPA", () => {
  it.each([
    [1.09, 10],
    [0.91, 10],
    [1.11, 12],
    [0.89, 9],
  ])('of a load of %d times the target for ten goes to %i', (times, replicas) => {
    expect(lastOf(aScene((second) => (second < 60 ? 500 : 500 * times), minutes(20)))).toBe(replicas)
  })

  it('doubles each 15 s, or adds four, whichever is more', () => {
    const steps = desiredOf(aScene((second) => (second < 60 ? 50 : 5_000), minutes(5)))
    const counts = steps.map(([, replicas]) => replicas)
    expect(counts.slice(0, 5)).toEqual([1, 5, 10, 20, 40])
    expect(counts.at(-1)).toBe(100)
    const times = steps.map(([at = 0]) => at)
    for (const [index, at] of times.slice(2).entries())
      expect(at - (times[index + 1] ?? 0)).toBeGreaterThanOrEqual(15)
  })

  it('comes down to the most that was needed in five minutes', () => {
    const steps = desiredOf(aScene((second) => (second < 120 ? 500 : 100), minutes(10)))
    expect(steps).toEqual([
      [0, 10],
      [expect.any(Number), 2],
    ])
    expect(steps[1]?.[0]).toBeGreaterThan(120 + 300)
    expect(steps[1]?.[0]).toBeLessThan(120 + 300 + 31)
  })

  it('keeps within its bounds', () => {
    const scene = aScene((second) => (second < 60 ? 500 : 5_000), minutes(5))
    expect(lastOf(scene, { min: 1, max: 12 })).toBe(12)
    expect(
      lastOf(
        aScene(() => 50, minutes(10)),
        { min: 3, max: 12 },
      ),
    ).toBe(3)
  })

  it('counts pods that have just come as idle, and so does not overshoot a step', () => {
    for (const measure of ['requests', 'cpu'] as const) {
      const counts = desiredOf(aScene((second) => (second < 60 ? 100 : 380), minutes(4), measure)).map(
        ([, count]) => count,
      )
      expect(Math.max(...counts.map(Number))).toBe(8)
    }
  })

  it('sees of CPU no more than is had', () => {
    const steps = desiredOf(aScene((second) => (second < 60 ? 50 : 5_000), minutes(4), 'cpu'))
    expect(steps[1]?.[1]).toBe(2)
  })

  it('divides a number for the whole service by its pods', () => {
    expect(lastOf(aScene((second) => (second < 60 ? 100 : 500), minutes(3), 'gauge'))).toBe(10)
  })
})

describe('a script that cron starts', () => {
  it('steps by one each five minutes', () => {
    const { desired } = runCronStep(
      aScene((second) => (second < 600 ? 100 : 300), minutes(30)),
      bounds,
    )
    expect(desired.map(({ at, replicas }) => [at, replicas])).toEqual([
      [0, 2],
      [900, 3],
      [1_200, 4],
      [1_500, 5],
    ])
  })

  it('takes a replica away where the others can bear the load', () => {
    const { desired } = runCronStep(
      aScene((second) => (second < 600 ? 200 : 85), minutes(40)),
      bounds,
    )
    expect(desired.at(-1)?.replicas).toBe(2)
  })
})
