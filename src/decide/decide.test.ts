import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, noon } from '../../test/support/fakes/builders.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Service } from '../domain/service.ts'
import { decide } from './decide.ts'

const at = (service: Service | undefined, ...alerts: ActiveAlert[]) =>
  decide({ service, alerts, nowMs: noon })
const policyStep = { kind: 'policy-step' } as const

describe('refuses', () => {
  const rows: [string, Service | undefined, string][] = [
    ['a service that is not there', undefined, 'unknown_service'],
    ['a service that has not opted in', { ...aService(), policy: { kind: 'not_enabled' } }, 'not_enabled'],
    [
      'a service whose labels are wrong',
      {
        ...aService(),
        policy: { kind: 'invalid', faults: [{ key: 'autoscaler.max', message: 'is missing' }] },
      },
      'invalid_policy',
    ],
    ['a global service', aService({ mode: 'global' }), 'not_replicated'],
    ['a job', aService({ mode: 'replicated-job' }), 'not_replicated'],
  ]
  it.each(rows)('%s', (_, service, reason) => {
    expect(at(service, anActiveAlert('up', 9))).toEqual({ kind: 'reject', reason })
  })
})

describe('corrects the bounds without an alert', () => {
  const rows: [string, Partial<Service>, object][] = [
    ['below the minimum', { desiredReplicas: 1 }, { kind: 'scale', from: 1, to: 2, reason: 'below_min' }],
    ['at the minimum', { desiredReplicas: 2 }, { kind: 'hold', replicas: 2, reason: 'no_alert' }],
    ['at the maximum', { desiredReplicas: 6 }, { kind: 'hold', replicas: 6, reason: 'no_alert' }],
    ['above the maximum', { desiredReplicas: 7 }, { kind: 'scale', from: 7, to: 6, reason: 'above_max' }],
    ['switched off', { desiredReplicas: 0 }, { kind: 'hold', replicas: 0, reason: 'switched_off' }],
    [
      'in a cooldown, which a correction does not wait for',
      { desiredReplicas: 9, state: { lastUpMs: noon, lastDownMs: noon } },
      { kind: 'scale', from: 9, to: 6, reason: 'above_max' },
    ],
  ]
  it.each(rows)('%s', (_, over, expected) => {
    expect(at(aService({ ...over, policy: aPolicy({ min: 2, max: 6 }) }))).toEqual(expected)
  })

  it('leaves a service at zero to its alerts where the minimum is zero', () => {
    const service = aService({ desiredReplicas: 0, policy: aPolicy({ min: 0 }) })
    expect(at(service)).toMatchObject({ kind: 'hold', reason: 'no_alert' })
    expect(at(service, anActiveAlert('up', 0.2))).toMatchObject({ kind: 'scale', from: 0, to: 1 })
    expect(at(service, anActiveAlert('up', aStep(50, 'percent')))).toMatchObject({
      kind: 'scale',
      from: 0,
      to: 1,
    })
  })
})

describe('what an alert asks of 4 replicas', () => {
  const unhurried = aPolicy({
    down: { step: { unit: 'replicas', value: 1 }, cooldownMs: 0, stabilizationMs: 0 },
  })
  const rows: [string, ActiveAlert, object][] = [
    ['up to a number', anActiveAlert('up', 7), { kind: 'scale', to: 7, needed: 7 }],
    ['up to a fraction, rounded up', anActiveAlert('up', 6.01), { kind: 'scale', to: 7 }],
    ['up to what floats make of 6', anActiveAlert('up', 6.000_000_000_000_001), { kind: 'scale', to: 6 }],
    ['up to the present number', anActiveAlert('up', 4), { kind: 'hold', reason: 'at_target' }],
    ['up never lowers', anActiveAlert('up', 2), { kind: 'hold', reason: 'at_target', needed: 2 }],
    ['up by a step', anActiveAlert('up', aStep(2)), { kind: 'scale', to: 6 }],
    ['up by a percentage, rounded up', anActiveAlert('up', aStep(30, 'percent')), { kind: 'scale', to: 6 }],
    ['up by the step of the policy', anActiveAlert('up', policyStep), { kind: 'scale', to: 5 }],
    ['up by a step of nothing', anActiveAlert('up', aStep(0)), { kind: 'hold', reason: 'at_target' }],
    [
      'up beyond the maximum',
      anActiveAlert('up', 99),
      { kind: 'scale', to: 10, needed: 99, limitedBy: 'max_replicas' },
    ],
    ['down to a number', anActiveAlert('down', 2), { kind: 'scale', to: 2 }],
    ['down to a fraction, rounded up', anActiveAlert('down', 2.1), { kind: 'scale', to: 3 }],
    ['down never raises', anActiveAlert('down', 9), { kind: 'hold', reason: 'at_target' }],
    [
      'down by a percentage, rounded down',
      anActiveAlert('down', aStep(40, 'percent')),
      { kind: 'scale', to: 3 },
    ],
    [
      'down by a small percentage, yet by one',
      anActiveAlert('down', aStep(1, 'percent')),
      { kind: 'scale', to: 3 },
    ],
    [
      'down by more than there is',
      anActiveAlert('down', aStep(9)),
      { kind: 'scale', to: 1, limitedBy: 'min_replicas' },
    ],
    ['to a larger number', anActiveAlert('to', 6), { kind: 'scale', to: 6 }],
    ['to a smaller number', anActiveAlert('to', 3), { kind: 'scale', to: 3 }],
    ['to the present number', anActiveAlert('to', 4), { kind: 'hold', reason: 'at_target' }],
    [
      'to what floats make of the present number',
      anActiveAlert('to', 4.000_000_000_000_001),
      { kind: 'hold', reason: 'at_target' },
    ],
  ]
  it.each(rows)('%s', (_, alert, expected) => {
    expect(at(aService({ policy: unhurried }), alert)).toMatchObject(expected)
  })

  it('holds at the maximum and at the minimum', () => {
    const up = at(aService({ desiredReplicas: 10 }), anActiveAlert('up', 12))
    expect(up).toMatchObject({ kind: 'hold', reason: 'at_max', needed: 12 })
    const down = at(aService({ desiredReplicas: 1 }), anActiveAlert('down', 0))
    expect(down).toMatchObject({ kind: 'hold', reason: 'at_min', needed: 0 })
  })
})

describe('several alerts', () => {
  const rows: [string, ActiveAlert[], object][] = [
    [
      'the largest up wins',
      [anActiveAlert('up', 5), anActiveAlert('up', 8), anActiveAlert('up', 6)],
      { kind: 'scale', to: 8 },
    ],
    ['an up beats every down', [anActiveAlert('down', 1), anActiveAlert('up', 5)], { kind: 'scale', to: 5 }],
    [
      'an up that asks for nothing more still keeps downs back',
      [anActiveAlert('down', 1), anActiveAlert('up', 4)],
      { kind: 'hold', reason: 'at_target' },
    ],
    ['the largest down wins', [anActiveAlert('down', 2), anActiveAlert('down', 3)], { kind: 'scale', to: 3 }],
    ['a content `to` keeps downs back', [anActiveAlert('down', 2), anActiveAlert('to', 4)], { kind: 'hold' }],
    [
      'a number beside a step: the larger',
      [anActiveAlert('up', aStep(1)), anActiveAlert('up', 7)],
      { kind: 'scale', to: 7 },
    ],
  ]
  it.each(rows)('%s', (_, alerts, expected) => {
    expect(at(aService(), ...alerts)).toMatchObject(expected)
    expect(at(aService(), ...alerts.toReversed())).toMatchObject(expected)
  })

  it('lets a smaller up act while a larger one must still wait', () => {
    const service = aService({ state: { lastUpMs: noon - 1 } })
    const decision = at(service, anActiveAlert('up', aStep(5)), anActiveAlert('up', 6))
    expect(decision).toMatchObject({ kind: 'scale', to: 6 })
  })
})

describe('cooldown', () => {
  const up = anActiveAlert('up', aStep(1))
  const down = anActiveAlert('down', 2, { startsAtMs: 0 })
  const swift = aPolicy({
    down: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 60_000 },
  })
  const set = aPolicy({
    up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 10_000 },
  })
  const rows: [string, ReturnType<typeof aPolicy>, Service['state'], ActiveAlert, object][] = [
    [
      'a step holds 1 ms before its 60 s end',
      swift,
      { lastUpMs: noon - 59_999 },
      up,
      { reason: 'cooldown', untilMs: noon + 1 },
    ],
    ['a step acts when its 60 s end', swift, { lastUpMs: noon - 60_000 }, up, { kind: 'scale' }],
    ['a number has none by default', swift, { lastUpMs: noon }, anActiveAlert('up', 9), { kind: 'scale' }],
    [
      'one that is set serves numbers',
      set,
      { lastUpMs: noon - 9_999 },
      anActiveAlert('up', 9),
      { reason: 'cooldown' },
    ],
    ['one that is set serves steps', set, { lastUpMs: noon - 10_000 }, up, { kind: 'scale' }],
    ['up does not wait for the last down', swift, { lastDownMs: noon }, up, { kind: 'scale' }],
    [
      'down waits for the last up',
      swift,
      { lastUpMs: noon - 59_999 },
      down,
      { reason: 'cooldown', untilMs: noon + 1 },
    ],
    ['down waits for the last down', swift, { lastDownMs: noon - 59_999 }, down, { reason: 'cooldown' }],
    [
      'down waits for the later of both',
      swift,
      { lastUpMs: noon - 70_000, lastDownMs: noon - 1 },
      down,
      { reason: 'cooldown' },
    ],
    [
      'down acts when both are over',
      swift,
      { lastUpMs: noon - 60_000, lastDownMs: noon - 60_000 },
      down,
      { kind: 'scale' },
    ],
  ]
  it.each(rows)('%s', (_, policy, state, alert, expected) => {
    expect(at(aService({ policy, state }), alert)).toMatchObject(expected)
  })

  it('tells the earliest end among several holds', () => {
    const soon = anActiveAlert('up', 9, { startsAtMs: noon - 1_000 })
    const policy = aPolicy({ up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 5_000 } })
    const decision = at(aService({ policy, state: { lastUpMs: noon - 10_000 } }), up, soon)
    expect(decision).toMatchObject({ kind: 'hold', reason: 'stabilizing', untilMs: noon + 4_000 })
  })
})

describe('stabilization', () => {
  const since = (ms: number) => anActiveAlert('down', 2, { startsAtMs: noon - ms })
  const slowUp = aPolicy({ up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 30_000 } })
  const rows: [string, Service, ActiveAlert, object][] = [
    [
      'a down holds 1 ms before it has stood for 150 s',
      aService(),
      since(149_999),
      { reason: 'stabilizing', untilMs: noon + 1 },
    ],
    ['a down acts when it has stood for 150 s', aService(), since(150_000), { kind: 'scale', to: 2 }],
    [
      'an up restarts the window of a down',
      aService({ state: { lastUpMs: noon - 149_999 } }),
      since(900_000),
      { reason: 'stabilizing', untilMs: noon + 1 },
    ],
    [
      'a down does not',
      aService({ state: { lastDownMs: noon - 60_000 } }),
      since(900_000),
      { kind: 'scale' },
    ],
    [
      'an up waits where the policy says so',
      aService({ policy: slowUp }),
      anActiveAlert('up', 9, { startsAtMs: noon - 29_999 }),
      { reason: 'stabilizing', untilMs: noon + 1 },
    ],
    [
      'an up that has stood does not stand anew for the up before it',
      aService({ policy: slowUp, state: { lastUpMs: noon - 1 } }),
      anActiveAlert('up', 9, { startsAtMs: noon - 30_000 }),
      { kind: 'scale', to: 9 },
    ],
    [
      'an up acts when it has stood',
      aService({ policy: slowUp }),
      anActiveAlert('up', 9, { startsAtMs: noon - 30_000 }),
      { kind: 'scale' },
    ],
  ]
  it.each(rows)('%s', (_, service, alert, expected) => {
    expect(at(service, alert)).toMatchObject(expected)
  })
})

describe('clocks that differ', () => {
  const ahead = { startsAtMs: noon + 5_000 }

  it('do not delay an up without a window', () => {
    expect(at(aService(), anActiveAlert('up', 9, ahead))).toMatchObject({ kind: 'scale', to: 9 })
  })

  it('do not delay a down without one either', () => {
    const down = { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 0 } as const
    expect(at(aService({ policy: aPolicy({ down }) }), anActiveAlert('down', 2, ahead))).toMatchObject({
      kind: 'scale',
    })
  })
})

describe('a down that was received last', () => {
  const down = { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, cooldownMs: 0 } as const
  const lastUpMs = noon - 10_000
  const rows: [string, number | undefined, object][] = [
    [
      'before the last up says nothing of the new size, even without a window',
      lastUpMs - 1,
      { reason: 'stabilizing' },
    ],
    ['at the moment of the last up says nothing of it either', lastUpMs, { reason: 'stabilizing' }],
    ['after the last up counts', lastUpMs + 1, { kind: 'scale', to: 2 }],
    ['just now counts', undefined, { kind: 'scale', to: 2 }],
  ]
  it.each(rows)('%s', (_, receivedAtMs, expected) => {
    const service = aService({ state: { lastUpMs }, policy: aPolicy({ down }) })
    const alert = anActiveAlert('down', 2, receivedAtMs === undefined ? {} : { receivedAtMs })
    const decision = at(service, alert)
    expect(decision).toMatchObject(expected)
    // Only the next post ends it.
    expect(decision).not.toHaveProperty('untilMs')
  })

  it('before the last down still counts', () => {
    const service = aService({ state: { lastDownMs: lastUpMs }, policy: aPolicy({ down }) })
    expect(at(service, anActiveAlert('down', 2, { receivedAtMs: noon - 20_000 }))).toMatchObject({
      kind: 'scale',
    })
  })
})

describe('of equal wishes', () => {
  const early = anActiveAlert('down', 2, { fingerprint: 'early', startsAtMs: noon - 300_000 })
  const late = anActiveAlert('down', 2, { fingerprint: 'late', startsAtMs: noon - 100_000 })

  it.each([
    ['early first', [early, late]],
    ['late first', [late, early]],
  ])('the one that began last must have stood: %s', (_, alerts) => {
    expect(at(aService(), ...alerts)).toMatchObject({
      kind: 'hold',
      reason: 'stabilizing',
      untilMs: noon + 50_000,
      cause: { fingerprint: 'late' },
    })
  })

  it('that wait, the one whose time comes first is told, whatever the order', () => {
    const policy = aPolicy({ up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 60_000 } })
    const soon = anActiveAlert('up', 6, { fingerprint: 'soon', startsAtMs: noon - 50_000 })
    const later = anActiveAlert('up', 9, { fingerprint: 'later', startsAtMs: noon - 10_000 })
    for (const alerts of [
      [soon, later],
      [later, soon],
    ]) {
      expect(at(aService({ policy }), ...alerts)).toMatchObject({
        untilMs: noon + 10_000,
        cause: { fingerprint: 'soon' },
      })
    }
  })
})

it('a change says what it is, and nothing that is not', () => {
  const alert = anActiveAlert('up', 6)
  expect(at(aService(), alert)).toStrictEqual({
    kind: 'scale',
    from: 4,
    to: 6,
    reason: 'alert',
    needed: 6,
    cause: alert,
  })
  expect(at(aService({ policy: aPolicy({ max: 6 }) }), alert)).not.toHaveProperty('limitedBy')
  expect(at(aService())).toStrictEqual({ kind: 'hold', replicas: 4, reason: 'no_alert' })
})

describe('largest step', () => {
  const both = [
    { unit: 'replicas', value: 4 },
    { unit: 'percent', value: 100 },
  ] as const
  const upBy = (maxStep: typeof both) =>
    aPolicy({ max: 100, up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0, maxStep } })
  const rows: [string, Service, ActiveAlert, object][] = [
    [
      'down by at most half',
      aService({ desiredReplicas: 9 }),
      anActiveAlert('down', 1),
      { to: 5, limitedBy: 'max_step' },
    ],
    ['down by exactly half', aService({ desiredReplicas: 8 }), anActiveAlert('down', 4), { to: 4 }],
    [
      'down from 1 half is still one',
      aService({ desiredReplicas: 1, policy: aPolicy({ min: 0 }) }),
      anActiveAlert('down', 0),
      { to: 0 },
    ],
    [
      'of two the larger allows: 4',
      aService({ desiredReplicas: 2, policy: upBy(both) }),
      anActiveAlert('up', 50),
      { to: 6, limitedBy: 'max_step' },
    ],
    [
      'of two the larger allows: 100 %',
      aService({ desiredReplicas: 9, policy: upBy(both) }),
      anActiveAlert('up', 50),
      { to: 18, limitedBy: 'max_step' },
    ],
  ]
  it.each(rows)('%s', (_, service, alert, expected) => {
    const decision = at(service, alert)
    expect(decision).toMatchObject({ kind: 'scale', ...expected })
    if (!('limitedBy' in expected)) expect(decision).not.toHaveProperty('limitedBy')
  })
})

describe('a rollout', () => {
  it.each(['updating', 'paused', 'rollback_started', 'rollback_paused'] as const)(
    'under way (%s) stops every change',
    (rollout) => {
      expect(at(aService({ rollout }), anActiveAlert('up', 9))).toMatchObject({
        kind: 'hold',
        reason: 'rollout',
        needed: 9,
      })
      expect(at(aService({ rollout, desiredReplicas: 99 }))).toMatchObject({
        kind: 'hold',
        reason: 'rollout',
      })
      expect(at(aService({ rollout }))).toMatchObject({ reason: 'no_alert' })
    },
  )

  it.each(['completed', 'rollback_completed'] as const)('that has ended (%s) stops nothing', (rollout) => {
    expect(at(aService({ rollout }), anActiveAlert('up', 9))).toMatchObject({ kind: 'scale', to: 9 })
  })
})
