import { beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../test/support/fakes/fake-clock.ts'
import { Timer } from './timer.ts'

let clock: FakeClock
let timer: Timer
let rung: number[]
beforeEach(() => {
  clock = new FakeClock(0)
  rung = []
  timer = new Timer(clock, () => rung.push(clock.nowMs()))
})

describe('a timer', () => {
  it('rings once, at its time', async () => {
    timer.set(100)
    await clock.advance(1_000)
    expect(rung).toEqual([100])
  })

  it.each<[string, () => void, number[]]>([
    ['is replaced by a later one', () => timer.set(200), [200]],
    ['is replaced by an earlier one', () => timer.set(50), [50]],
    ['is brought forward', () => timer.bringForward(50), [50]],
    ['is not put off', () => timer.bringForward(200), [100]],
    ['is cancelled', () => timer.cancel(), []],
  ])('%s', async (_, change, expected) => {
    timer.set(100)
    change()
    await clock.advance(1_000)
    expect(rung).toEqual(expected)
    expect(clock.pending).toBe(0)
  })

  it('is compared by the time at which it rings', async () => {
    timer.set(100)
    await clock.advance(60)
    timer.bringForward(41)
    await clock.advance(1_000)
    expect(rung).toEqual([100])
  })

  it('that has not been set is set by bringing it forward, also after it rang', async () => {
    timer.bringForward(50)
    await clock.advance(100)
    timer.bringForward(50)
    await clock.advance(100)
    expect(rung).toEqual([50, 150])
  })
})
