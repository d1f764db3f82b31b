import type { Policy } from '../../src/domain/policy.ts'
import { makeLoad, type ShapeName, shapeNames } from '../../src/simulator/load/shapes.ts'
import type { Measure } from '../../src/simulator/pipeline/scraper.ts'
import type { Scene } from '../../src/simulator/scene.ts'
import { aPolicy } from './fakes/builders.ts'

/** Each shape so many times, with other noise and other bursts each time. */
const seeds = [1, 2, 3]

/** A made-up load on replicas that start within 8 s and should bear 70 % of what they can. */
export function sceneOf(shape: ShapeName, measure: Measure, seed = 1): Scene {
  return {
    // A Monday.
    startMs: Date.UTC(2026, 10, 23),
    load: makeLoad(shape, { base: 300, seed }),
    measure,
    capacity: 100,
    target: 70,
    startUpSeconds: 8,
  }
}

/** The loads that the autoscaler and Kubernetes are compared on: the newsletter is a spike upon a week, and has four of them. */
export const comparedShapes = shapeNames.filter((shape) => shape !== 'newsletter')

export function scenesOf(measure: Measure): readonly { readonly shape: ShapeName; readonly scene: Scene }[] {
  return comparedShapes.flatMap((shape) =>
    seeds.map((seed) => ({ shape, scene: sceneOf(shape, measure, seed) })),
  )
}

/** The defaults of all labels, and bounds that are in nobody's way. */
export const plainPolicy: Policy = aPolicy({ min: 2, max: 200 })

/** The sale of the shape `black-friday` is known: from five minutes before on there are enough for its peak. */
export const policyWithWindow: Policy = aPolicy({
  min: 2,
  max: 200,
  schedules: [
    {
      name: 'black-friday',
      start: '55 7 23 11 *',
      end: { kind: 'duration', durationMs: 2 * 3_600_000 },
      timezone: 'UTC',
      min: 70,
    },
  ],
})
