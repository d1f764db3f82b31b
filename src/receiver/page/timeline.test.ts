import { describe, expect, it } from 'vitest'
import type { CostGap } from '../../domain/cost.ts'
import { extremesOf, timelineOf, unknownOf } from './timeline.ts'

const count = (atMs: number, desired: number, more: object = {}) => ({
  service: 'web',
  atMs,
  desired,
  ...more,
})
const gap = (fromMs: number, untilMs: number, reason: CostGap['reason'] = 'not_watched') => ({
  fromMs,
  untilMs,
  reason,
})
const stretchesOf = (...args: Parameters<typeof timelineOf>) =>
  timelineOf(...args).stretches.map(({ fromMs, untilMs, replicas }) => [fromMs, untilMs, replicas])

describe('timelineOf', () => {
  it('holds each count until the next, the last until the end, the one before the time from its start', () => {
    expect(stretchesOf([count(-50, 2), count(30, 5), count(60, 3)], [], 0, 100)).toEqual([
      [0, 30, 2],
      [30, 60, 5],
      [60, 100, 3],
    ])
  })

  it('knows nothing before the first count', () => {
    const timeline = timelineOf([count(40, 2)], [], 0, 100)
    expect(unknownOf(timeline)).toEqual([{ fromMs: 0, untilMs: 40 }])
  })

  it('leaves out gaps, wherever they lie', () => {
    const counts = [count(0, 2), count(50, 4)]
    expect(stretchesOf(counts, [gap(60, 70), gap(10, 20), gap(40, 55), gap(90, 100)], 0, 100)).toEqual([
      [0, 10, 2],
      [20, 40, 2],
      [55, 60, 4],
      [70, 90, 4],
    ])
    expect(stretchesOf(counts, [gap(0, 100)], 0, 100)).toEqual([])
  })

  it('goes on through what no look has confirmed yet', () => {
    expect(stretchesOf([count(0, 2)], [gap(90, 100, 'not_yet')], 0, 100)).toEqual([[0, 100, 2]])
  })

  it('ends where the service is gone, and begins anew when it is back', () => {
    const counts = [count(0, 2), count(30, 0, { isGone: true }), count(60, 1)]
    expect(stretchesOf(counts, [], 0, 100)).toEqual([
      [0, 30, 2],
      [60, 100, 1],
    ])
  })

  it('joins counts that differ by something else', () => {
    const counts = [count(0, 2, { running: 1 }), count(10, 2, { running: 2 }), count(20, 3)]
    expect(stretchesOf(counts, [], 0, 100)).toEqual([
      [0, 20, 2],
      [20, 100, 3],
    ])
  })
})

describe('extremesOf', () => {
  it('tells lowest and highest, what there is now among them', () => {
    const timeline = timelineOf([count(0, 2), count(10, 9), count(20, 4)], [], 0, 100)
    expect(extremesOf(timeline, 4)).toEqual({ low: 2, high: 9 })
    expect(extremesOf(timeline, 1)).toEqual({ low: 1, high: 9 })
    expect(extremesOf(timeline, 12)).toEqual({ low: 2, high: 12 })
  })

  it('tells nothing where nothing is known', () => {
    expect(extremesOf(timelineOf([], [], 0, 100), 4)).toBeUndefined()
  })
})
