import { beforeEach, describe, expect, it } from 'vitest'
import { aService, noon } from '../../test/support/fakes/builders.ts'
import { RecordingObserver } from '../../test/support/fakes/recording-observer.ts'
import type { Decision } from '../domain/decision.ts'
import { holdReasons } from '../domain/reason.ts'
import type { Hold } from './events.ts'
import { GateWatch } from './gate-watch.ts'

let observer: RecordingObserver
let watch: GateWatch
beforeEach(() => {
  observer = new RecordingObserver()
  watch = new GateWatch(observer.subscriber)
})

const up: Hold = { kind: 'hold', replicas: 4, reason: 'rollout', wouldBe: 6 }
const down: Hold = { ...up, wouldBe: 2 }
const pending: Hold = { ...up, reason: 'tasks_pending' }
const see = (decision: Decision, sinceMs: number) => watch.follow(aService(), decision, noon + sinceMs)

describe('a change that the state of its service holds', () => {
  it.each(holdReasons)(
    'is looked at again where the reason is %s, as far as only Swarm can end it',
    (reason) => {
      const isGate = ['rollout', 'tasks_pending', 'tasks_starting'].includes(reason)
      expect(see({ ...up, reason }, 0)).toBe(isGate ? 500 : undefined)
    },
  )

  it('is none where nothing is due', () => {
    expect(see({ kind: 'hold', replicas: 4, reason: 'rollout' }, 0)).toBeUndefined()
    expect(see({ kind: 'scale', from: 4, to: 6, reason: 'alert' }, 0)).toBeUndefined()
    expect(see({ kind: 'reject', reason: 'invalid_policy' }, 0)).toBeUndefined()
  })

  it.each([
    [0, 500],
    [2_000, 500],
    [2_004, 501],
    [40_000, 10_000],
    [60_000, 15_000],
    [60_004, 15_000],
    [86_400_000, 15_000],
  ])('is looked at less and less often: after %i ms in %i ms', (sinceMs, delayMs) => {
    see(up, 0)
    expect(see(up, sinceMs)).toBe(delayMs)
  })
})

describe('an up that is held', () => {
  it.each([
    [59_999, []],
    [60_000, [`blocked web rollout ${noon}`]],
  ])('for %i ms is told, as far as that is a minute', (sinceMs, told) => {
    see(up, 0)
    see(up, sinceMs)
    expect(observer.told).toEqual(told)
  })

  it('is told once, though it wants ever more', () => {
    see(up, 0)
    for (const sinceMs of [60_000, 75_000, 3_600_000]) see({ ...up, wouldBe: 6 + sinceMs }, sinceMs)
    expect(observer.told).toEqual([`blocked web rollout ${noon}`])
  })

  it('is told again where the hold ended in between', () => {
    see(up, 0)
    see(up, 60_000)
    see({ kind: 'hold', replicas: 4, reason: 'at_target' }, 61_000)
    see(up, 62_000)
    see(up, 121_999)
    expect(observer.told).toHaveLength(1)
    see(up, 122_000)
    expect(observer.told).toEqual([`blocked web rollout ${noon}`, `blocked web rollout ${noon + 62_000}`])
  })

  it('is told from the moment at which it had this reason', () => {
    see(up, 0)
    see(pending, 59_999)
    see(pending, 60_000)
    expect(observer.told).toEqual([])
    see(pending, 119_999)
    expect(observer.told).toEqual([`blocked web tasks_pending ${noon + 59_999}`])
  })

  it('is told from the moment at which it was an up', () => {
    see(down, 0)
    see(up, 59_999)
    see(up, 60_000)
    expect(observer.told).toEqual([])
    see(up, 119_999)
    expect(observer.told).toEqual([`blocked web rollout ${noon + 59_999}`])
  })
})

it('a down that is held is never told: it costs no capacity', () => {
  see(down, 0)
  see(down, 3_600_000)
  expect(observer.told).toEqual([])
})
