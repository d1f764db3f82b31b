import { describe, expect, it } from 'vitest'
import { plainPolicy } from '../../../test/support/backtest-scenes.ts'
import { runAutoscaler } from '../run.ts'
import type { Scene } from '../scene.ts'
import { splitScene } from './holdout.ts'
import { findWindows, labelsOfWindow } from './windows.ts'

const day = 86_400
const monday = Date.UTC(2026, 5, 1)

/** Fourteen days of 300, with a rush to six times as much at 07:30 UTC on the days that `has` one. */
function sceneWith(has: (dayOfTrace: number) => boolean, days = 14): Scene {
  const load = new Float64Array(days * day).fill(300)
  for (let d = 0; d < days; d += 1) {
    if (!has(d)) continue
    const from = d * day + 7.5 * 3_600 + d * 10
    for (let second = 0; second < 1_800; second += 1) load[from + second] = 1_800 - second / 2
  }
  return { startMs: monday, load, measure: 'requests', capacity: 100, target: 70, startUpSeconds: 8 }
}

const found = (has: (dayOfTrace: number) => boolean, timezone = 'UTC') => {
  const scene = sceneWith(has)
  return findWindows(scene, runAutoscaler(scene, plainPolicy), timezone)
}

describe('a rush that comes again and again', () => {
  it.each([
    ['each day', () => true, '25 7 * * *'],
    ['on working days', (d: number) => d % 7 < 5, '25 7 * * 1-5'],
    ['on Tuesdays and Fridays', (d: number) => d % 7 === 1 || d % 7 === 4, '25 7 * * 2,5'],
  ])('%s has a window five minutes before it', (_, has, start) => {
    expect(found(has)).toEqual([
      {
        name: 'at-0725',
        start,
        durationMinutes: expect.any(Number),
        timezone: 'UTC',
        min: Math.ceil(1_800 / 70),
      },
    ])
  })

  it('is told in the time zone of the people who come', () => {
    const [window] = found(() => true, 'Europe/Berlin')
    expect(window).toMatchObject({ name: 'at-0925', start: '25 9 * * *', timezone: 'Europe/Berlin' })
  })

  it('meets no minute above capacity once it has its window', () => {
    const scene = sceneWith(() => true)
    const before = runAutoscaler(scene, plainPolicy)
    const [window] = findWindows(scene, before, 'UTC')
    if (window === undefined) throw new Error('no window was found')
    const { name, start, timezone, min, durationMinutes } = window
    const end = { kind: 'duration', durationMs: durationMinutes * 60_000 } as const
    const withWindow = { ...plainPolicy, schedules: [{ name, start, end, timezone, min }] }
    expect(findWindows(scene, runAutoscaler(scene, withWindow), 'UTC')).toEqual([])
  })
})

it.each([
  ['once', (d: number) => d === 3],
  ['never', () => false],
])('what comes %s is no habit', (_, has) => {
  expect(found(has)).toEqual([])
})

it('a window is labels', () => {
  const window = {
    name: 'at-0725',
    start: '25 7 * * *',
    durationMinutes: 20,
    timezone: 'Europe/Berlin',
    min: 9,
  }
  expect(labelsOfWindow(window)).toEqual({
    'autoscaler.schedule.at-0725.start': '25 7 * * *',
    'autoscaler.schedule.at-0725.duration': '20m',
    'autoscaler.schedule.at-0725.timezone': 'Europe/Berlin',
    'autoscaler.schedule.at-0725.min': '9',
  })
})

describe('what is held out', () => {
  it.each([
    [14, 4, 10],
    [3, 1, 2],
  ])('of %i days are the last %i', (days, heldOutDays, trainingDays) => {
    const parts = splitScene(sceneWith(() => false, days))
    expect(parts.heldOutDays).toBe(heldOutDays)
    expect(parts.training.load).toHaveLength(trainingDays * day)
    expect(parts.heldOut.startMs).toBe(monday + trainingDays * day * 1_000)
  })

  it('of less is the last third or so', () => {
    const parts = splitScene(sceneWith(() => false, 1))
    expect([parts.heldOutDays, parts.heldOut.load.length]).toEqual([0, Math.floor(0.3 * day)])
  })
})
