import { describe, expect, it } from 'vitest'
import { fedLagMs, fedShare, measureFed, starvation } from './starved.ts'

describe('a measurement', () => {
  it.each([
    ['with the least that is enough', { share: fedShare, lagMs: fedLagMs }, undefined],
    ['on a busy machine', { share: fedShare - 0.01, lagMs: 0 }, 'a task had 74 % of a processor'],
    [
      'by a generator that stood still',
      { share: 1, lagMs: fedLagMs + 1 },
      'the load generator stood still for 501 ms',
    ],
    [
      'with both',
      { share: 0.2, lagMs: 2_000 },
      'a task had 20 % of a processor, the load generator stood still for 2000 ms',
    ],
  ])('%s', (_, conditions, expected) => {
    expect(starvation(conditions)).toBe(expected)
  })

  it('is taken again while it is starved, and then given', async () => {
    let taken = 0
    const measured = await measureFed(
      'it',
      async () => ++taken,
      (each) => (each < 3 ? 'too little' : undefined),
    )
    expect(measured).toBe(3)
  })

  it('that is starved each time is said to be so, and is no result', async () => {
    let taken = 0
    const measured = measureFed(
      'the scale-down',
      async () => ++taken,
      (each) => `reason ${each}`,
      2,
    )
    await expect(measured).rejects.toThrow(
      'the machine was starved each of 2 times that the scale-down was measured: reason 1; reason 2',
    )
    expect(taken).toBe(2)
  })

  it('that fails is not taken again', async () => {
    let taken = 0
    const measure = () => Promise.reject(new Error(`broken ${++taken}`))
    await expect(measureFed('it', measure, () => 'too little')).rejects.toThrow('broken 1')
  })
})
