import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import type { Policy } from '../domain/policy.ts'
import type { Schedule } from '../domain/schedule.ts'
import { boundsAt } from './bounds.ts'
import { decide } from './decide.ts'

const open = (over: Partial<Schedule>) => aWindow({ name: JSON.stringify(over), ...over })
const closed = (over: Partial<Schedule>) =>
  aWindow({ name: JSON.stringify(over), start: '0 18 * * *', ...over })

describe('the bounds in force, of a policy from 2 to 10', () => {
  const rows: [string, Schedule[], [number, number]][] = [
    ['without windows', [], [2, 10]],
    ['a closed window changes nothing', [closed({ min: 5, max: 6 })], [2, 10]],
    ['a floor raises the minimum', [open({ min: 5 })], [5, 10]],
    ['a floor below the minimum does not lower it', [open({ min: 1, max: 8 })], [2, 8]],
    ['a ceiling lowers the maximum', [open({ max: 6 })], [2, 6]],
    ['a ceiling raises the maximum', [open({ max: 40 })], [2, 40]],
    ['the highest of several floors', [open({ min: 3 }), open({ min: 7 }), open({ min: 5 })], [7, 10]],
    ['the lowest of several ceilings', [open({ max: 9 }), open({ max: 4 }), open({ max: 40 })], [2, 4]],
    ['a floor above the ceiling wins', [open({ min: 8 }), open({ max: 4 })], [8, 8]],
    ['a ceiling below the minimum loses', [open({ max: 1 })], [2, 2]],
  ]
  it.each(rows)('%s', (_, schedules, [min, max]) => {
    expect(boundsAt(aPolicy({ min: 2, schedules }), noon)).toMatchObject({ min, max })
  })

  it('tell when the first window changes', () => {
    const bounds = boundsAt(aPolicy({ schedules: [open({}), closed({})] }), noon)
    expect(bounds.nextChangeMs).toBe(noon + 3_600_000)
    expect(boundsAt(aPolicy(), noon)).not.toHaveProperty('nextChangeMs')
  })
})

describe('an open window', () => {
  const withFloor = (min: number, over: Partial<Policy> = {}) =>
    aPolicy({ schedules: [aWindow({ min })], ...over })
  const at = (nowMs: number, policy: Policy, ...alerts: Parameters<typeof decide>[0]['alerts'][number][]) =>
    decide({ service: aService({ policy, state: { lastUpMs: nowMs, lastDownMs: nowMs } }), alerts, nowMs })

  it('acts at its very start, in one change, without an alert, cooldown, window or largest step', () => {
    const policy = withFloor(9, {
      up: {
        step: { unit: 'replicas', value: 1 },
        cooldownMs: 600_000,
        stabilizationMs: 600_000,
        maxStep: [{ unit: 'replicas', value: 1 }],
      },
    })
    expect(at(noon - 1, policy)).toEqual({ kind: 'hold', replicas: 4, reason: 'no_alert', untilMs: noon })
    expect(at(noon, policy)).toEqual({ kind: 'scale', from: 4, to: 9, reason: 'below_min' })
  })

  it('holds against every down', () => {
    const down = anActiveAlert('down', 1)
    expect(
      decide({ service: aService({ policy: withFloor(4) }), alerts: [down], nowMs: noon }),
    ).toMatchObject({
      kind: 'hold',
      reason: 'at_min',
      untilMs: noon + 3_600_000,
    })
  })

  it('caps an up by its ceiling', () => {
    const service = aService({ policy: aPolicy({ schedules: [aWindow({ max: 6 })] }) })
    expect(decide({ service, alerts: [anActiveAlert('up', 9)], nowMs: noon })).toMatchObject({
      to: 6,
      limitedBy: 'max_replicas',
    })
  })

  it('raises a service that its own policy had let go to zero, and leaves one that a person switched off', () => {
    const at0 = (policy: Policy) =>
      decide({ service: aService({ desiredReplicas: 0, policy }), alerts: [], nowMs: noon })
    expect(at0(withFloor(3, { min: 0 }))).toMatchObject({ kind: 'scale', to: 3, reason: 'below_min' })
    expect(at0(withFloor(3, { min: 1 }))).toMatchObject({ kind: 'hold', reason: 'switched_off' })
  })

  it('that opens ends a hold before its cooldown does', () => {
    const policy = aPolicy({ schedules: [closed({})] })
    const service = aService({ policy, state: { lastUpMs: noon } })
    const step = anActiveAlert('up', { kind: 'policy-step' })
    expect(decide({ service, alerts: [step], nowMs: noon })).toMatchObject({
      reason: 'cooldown',
      untilMs: noon + 60_000,
    })
    const justBefore = noon + 6 * 3_600_000 - 1_000
    const late = aService({ policy, state: { lastUpMs: justBefore } })
    expect(decide({ service: late, alerts: [step], nowMs: justBefore })).toMatchObject({
      reason: 'cooldown',
      untilMs: justBefore + 1_000,
    })
  })
})
