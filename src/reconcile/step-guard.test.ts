import { beforeEach, describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert, Demand } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { DirectionPolicy } from '../domain/policy.ts'
import type { Scaling } from './events.ts'
import { StepGuard } from './step-guard.ts'

const intervalMs = 15_000
const byNumber: Demand = { kind: 'replicas', replicas: 9 }

let guard: StepGuard
beforeEach(() => {
  guard = new StepGuard(intervalMs)
})

function byAlert(scale: ActiveAlert['scale'], demand: Demand | number): Scaling {
  const to = scale === 'up' ? 6 : 2
  return { kind: 'scale', from: 4, to, reason: 'alert', cause: anActiveAlert(scale, demand) }
}

function withCooldowns(upMs?: number, downMs = 60_000) {
  const { up, down } = aPolicy()
  const cooling: DirectionPolicy = upMs === undefined ? up : { ...up, cooldownMs: upMs }
  return aService({ policy: aPolicy({ up: cooling, down: { ...down, cooldownMs: downMs } }) })
}

const move = byAlert('up', byNumber)
const correction: Scaling = { kind: 'scale', from: 4, to: 6, reason: 'below_min' }

describe('a service that an alert has moved', () => {
  beforeEach(() => guard.begin(move, noon))

  it.each([
    [0, true],
    [1, true],
    [intervalMs - 1, true],
    [intervalMs, false],
    [intervalMs + 1, false],
  ])('%i ms ago, waits with an alert without a cooldown: %s', (sinceMs, isHeld) => {
    expect(guard.holds(aService(), move, noon + sinceMs)).toBe(isHeld)
  })

  const rows: [string, ReturnType<typeof aService>, Decision, boolean][] = [
    ['waits with a number', withCooldowns(), move, true],
    ['waits with a number with a cooldown of 0', withCooldowns(0), move, true],
    ['does not wait with a number with a cooldown', withCooldowns(1), move, false],
    ['does not wait with a step with the default cooldown', withCooldowns(), byAlert('up', aStep(1)), false],
    ['waits with a step with a cooldown of 0', withCooldowns(0), byAlert('up', aStep(1)), true],
    ['waits with a down with a cooldown of 0', withCooldowns(60_000, 0), byAlert('down', 2), true],
    ['does not wait with a down with a cooldown', withCooldowns(0), byAlert('down', 2), false],
    ['does not wait with a correction', withCooldowns(), correction, false],
    [
      'does not wait with what is held anyway',
      withCooldowns(),
      { kind: 'hold', replicas: 4, reason: 'no_alert' },
      false,
    ],
    ['does not wait with a rejection', withCooldowns(), { kind: 'reject', reason: 'not_enabled' }, false],
  ]
  it.each(rows)('%s', (_, service, decision, isHeld) => {
    expect(guard.holds(service, decision, noon)).toBe(isHeld)
  })

  it('waits from when it was moved last', () => {
    guard.begin(move, noon + 10_000)
    expect(guard.holds(aService(), move, noon + intervalMs)).toBe(true)
  })
})

describe('a service that no alert has moved', () => {
  it('is not held back if it was corrected', () => {
    guard.begin(correction, noon)
    expect(guard.holds(aService(), move, noon)).toBe(false)
  })

  it('is not held back at first', () => {
    expect(guard.holds(aService(), move, noon)).toBe(false)
  })
})
