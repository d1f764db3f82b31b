import { beforeEach, describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert, Demand } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { DirectionPolicy } from '../domain/policy.ts'
import { StepGuard } from './step-guard.ts'

const intervalMs = 15_000
const byNumber: Demand = { kind: 'replicas', replicas: 9 }

let rest: StepGuard
beforeEach(() => {
  rest = new StepGuard(intervalMs)
})

function bySignal(scale: ActiveAlert['scale'], demand: Demand | number): Decision {
  const to = scale === 'up' ? 6 : 2
  return { kind: 'scale', from: 4, to, reason: 'alert', cause: anActiveAlert(scale, demand) }
}

function withCooldowns(upMs?: number, downMs = 60_000) {
  const { up, down } = aPolicy()
  const cooling: DirectionPolicy = upMs === undefined ? up : { ...up, cooldownMs: upMs }
  return aService({ policy: aPolicy({ up: cooling, down: { ...down, cooldownMs: downMs } }) })
}

const move = bySignal('up', byNumber)
const correction: Decision = { kind: 'scale', from: 4, to: 6, reason: 'below_min' }

describe('a service that a signal has moved', () => {
  beforeEach(() => rest.begin('web', move, noon))

  it.each([
    [0, true],
    [1, true],
    [intervalMs - 1, true],
    [intervalMs, false],
    [intervalMs + 1, false],
  ])('%i ms ago, rests from one without a cooldown: %s', (sinceMs, isHeld) => {
    expect(rest.holds(aService(), move, noon + sinceMs)).toBe(isHeld)
  })

  const rows: [string, ReturnType<typeof aService>, Decision, boolean][] = [
    ['rests from a number', withCooldowns(), move, true],
    ['rests from a number with a cooldown of 0', withCooldowns(0), move, true],
    ['does not rest from a number with a cooldown', withCooldowns(1), move, false],
    ['does not rest from a step with the default cooldown', withCooldowns(), bySignal('up', aStep(1)), false],
    ['rests from a step with a cooldown of 0', withCooldowns(0), bySignal('up', aStep(1)), true],
    ['rests from a down with a cooldown of 0', withCooldowns(60_000, 0), bySignal('down', 2), true],
    ['does not rest from a down with a cooldown', withCooldowns(0), bySignal('down', 2), false],
    ['does not rest from a correction', withCooldowns(), correction, false],
    [
      'does not rest from what is held anyway',
      withCooldowns(),
      { kind: 'hold', replicas: 4, reason: 'no_alert' },
      false,
    ],
    ['does not rest from a rejection', withCooldowns(), { kind: 'reject', reason: 'not_enabled' }, false],
    ['does not rest from what is due for another service', aService({ name: 'api' }), move, false],
  ]
  it.each(rows)('%s', (_, service, decision, isHeld) => {
    expect(rest.holds(service, decision, noon)).toBe(isHeld)
  })

  it('rests from when it was moved last', () => {
    rest.begin('web', move, noon + 10_000)
    expect(rest.holds(aService(), move, noon + intervalMs)).toBe(true)
  })

  it('is forgotten where it is none of those to keep', () => {
    rest.begin('api', move, noon)
    rest.keepOnly(new Set(['api']))
    expect(rest.holds(aService(), move, noon)).toBe(false)
    expect(rest.holds(aService({ name: 'api' }), move, noon)).toBe(true)
  })
})

describe('a service that no signal has moved', () => {
  const rows: [string, Decision][] = [
    ['was corrected', correction],
    ['was held', { kind: 'hold', replicas: 4, reason: 'cooldown', cause: anActiveAlert('up', 9) }],
    ['was rejected', { kind: 'reject', reason: 'invalid_policy' }],
  ]
  it.each(rows)('does not rest where it %s', (_, decision) => {
    rest.begin('web', decision, noon)
    expect(rest.holds(aService(), move, noon)).toBe(false)
  })
})
