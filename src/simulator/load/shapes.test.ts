import { describe, expect, it } from 'vitest'
import { makeLoad, shapeNames, shapes } from './shapes.ts'

const base = 10
const mostOf = (load: Float64Array) => load.reduce((most, value) => Math.max(most, value), 0)

describe.each(shapeNames)('the shape %s', (name) => {
  const seconds = Math.min(shapes[name].seconds, 86_400)
  const load = makeLoad(name, { base, seconds, noise: 0 })

  it('goes up to its factor, and is never below nothing', () => {
    // A newsletter comes upon what there is.
    const most = shapes[name].factor * base * (name === 'newsletter' ? 2 : 1)
    expect(load).toHaveLength(seconds)
    expect(mostOf(load)).toBeLessThanOrEqual(most)
    expect(mostOf(load)).toBeGreaterThan(0.7 * shapes[name].factor * base)
    expect(load.every((value) => value >= 0)).toBe(true)
  })

  it('is the same for the same seed, and another one for another', () => {
    const again = makeLoad(name, { base, seconds: 3_600 })
    expect(makeLoad(name, { base, seconds: 3_600 })).toEqual(again)
    expect(makeLoad(name, { base, seconds: 3_600, seed: 2 })).not.toEqual(again)
  })
})

it('noise is as wide as it was asked to be', () => {
  const load = makeLoad('step', { base: 100, factor: 1, noise: 0.1 })
  const spread = Math.sqrt(load.reduce((sum, value) => sum + (value - 100) ** 2, 0) / load.length)
  expect(spread).toBeGreaterThan(8)
  expect(spread).toBeLessThan(12)
})
