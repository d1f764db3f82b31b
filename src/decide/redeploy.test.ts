import { describe, expect, it } from 'vitest'
import { anActiveAlert, aPolicy, aService, aStep, aWindow, noon } from '../../test/support/fakes/builders.ts'
import type { Policy } from '../domain/policy.ts'
import { type Redeploy, type RolloutState, rolloutStates, type Service } from '../domain/service.ts'
import { decide } from './decide.ts'

/** The service as a redeploy has left it. */
function redeployed(
  { from, to }: Redeploy,
  policy: Partial<Policy> = {},
  over: Partial<Omit<Service, 'policy'>> = {},
): Service {
  const previous = { replicas: from, state: { replicas: from } }
  return aService({ desiredReplicas: to, previous, redeploy: { from, to }, policy: aPolicy(policy), ...over })
}

const at = (service: Service, ...alerts: Parameters<typeof decide>[0]['alerts']) =>
  decide({ service, alerts, nowMs: noon })

const restored = (from: number, to: number) => ({ kind: 'scale', from, to, reason: 'redeploy_restored' })

describe('what a redeploy has reset', () => {
  const rows: [string, Service, object][] = [
    ['is restored up to the old number', redeployed({ from: 6, to: 1 }), restored(1, 6)],
    ['is restored down to the old number', redeployed({ from: 3, to: 9 }), restored(9, 3)],
    ['is restored to just the new maximum', redeployed({ from: 6, to: 1 }, { max: 6 }), restored(1, 6)],
    ['is restored up to the new maximum at most', redeployed({ from: 6, to: 1 }, { max: 5 }), restored(1, 5)],
    [
      'is restored down to the new minimum at least',
      redeployed({ from: 3, to: 9 }, { min: 4 }),
      restored(9, 4),
    ],
    [
      'and lies below the new minimum is raised to it by the same change',
      redeployed({ from: 3, to: 1 }, { min: 4 }),
      restored(1, 4),
    ],
    [
      'is restored within the bounds of an open window',
      redeployed({ from: 3, to: 1 }, { schedules: [aWindow({ min: 5 })] }),
      restored(1, 5),
    ],
    [
      'is left as it is where the bounds allow just that',
      redeployed({ from: 6, to: 2 }, { max: 2 }),
      { kind: 'hold', reason: 'no_alert', replicas: 2 },
    ],
    [
      'from above the maximum is lowered to it',
      redeployed({ from: 30, to: 40 }, { max: 10 }),
      restored(40, 10),
    ],
    [
      'to zero, where the minimum is one, was switched off, and stays off',
      redeployed({ from: 6, to: 0 }, { min: 1 }),
      { kind: 'hold', reason: 'switched_off', replicas: 0 },
    ],
    [
      'to zero, where the minimum is zero, is restored',
      redeployed({ from: 6, to: 0 }, { min: 0 }),
      restored(0, 6),
    ],
    [
      'from zero, where the minimum is one, was switched on, and stays so',
      redeployed({ from: 0, to: 4 }, { min: 1 }),
      { kind: 'hold', reason: 'no_alert', replicas: 4 },
    ],
    [
      'from zero, where the minimum is one, is still kept within the bounds',
      redeployed({ from: 0, to: 1 }, { min: 2 }),
      { kind: 'scale', from: 1, to: 2, reason: 'below_min' },
    ],
    [
      'from zero, where the minimum is zero, is restored to zero',
      redeployed({ from: 0, to: 1 }, { min: 0 }),
      restored(1, 0),
    ],
    [
      'in a cooldown does not wait for it',
      redeployed({ from: 6, to: 1 }, {}, { state: { lastUpMs: noon, lastDownMs: noon } }),
      restored(1, 6),
    ],
    [
      'is restored at once, whatever the largest step',
      redeployed(
        { from: 6, to: 1 },
        {
          up: {
            step: { unit: 'replicas', value: 1 },
            maxStep: [{ unit: 'replicas', value: 1 }],
            stabilizationMs: 60_000,
          },
        },
      ),
      restored(1, 6),
    ],
  ]
  it.each(rows)('%s', (_, service, expected) => {
    expect(at(service)).toMatchObject(expected)
  })

  it('is restored before any alert is received, and an alert is not what is told', () => {
    expect(at(redeployed({ from: 6, to: 1 }), anActiveAlert('up', 9))).toEqual(restored(1, 6))
    expect(at(redeployed({ from: 6, to: 1 }), anActiveAlert('down', 1))).toEqual(restored(1, 6))
  })

  it('and cannot be restored leaves the alerts their say', () => {
    expect(at(redeployed({ from: 0, to: 4 }), anActiveAlert('up', 7))).toMatchObject({
      kind: 'scale',
      to: 7,
      reason: 'alert',
    })
  })
})

describe('a restore', () => {
  const rows: [string, Partial<Policy>, Partial<Omit<Service, 'policy'>>, object][] = [
    [
      'is held by a pause of ups',
      { pause: { directions: ['up'] } },
      {},
      { kind: 'hold', reason: 'paused', wouldBe: 6 },
    ],
    ['is not held by a pause of downs', { pause: { directions: ['down'] } }, {}, restored(1, 6)],
    ['is held by a dry run', { isDryRun: true }, {}, { kind: 'hold', reason: 'dry_run', wouldBe: 6 }],
    [
      'waits for no tasks',
      {},
      { tasks: { running: 0, starting: 1, pending: 1, failing: 1 } },
      restored(1, 6),
    ],
  ]
  it.each(rows)('%s', (_, policy, over, expected) => {
    expect(at(redeployed({ from: 6, to: 1 }, policy, over))).toMatchObject(expected)
  })

  const holding: readonly RolloutState[] = ['paused', 'rollback_started', 'rollback_paused']
  it.each(rolloutStates)('up of a service whose rollout is %s', (rollout) => {
    expect(at(redeployed({ from: 6, to: 1 }, {}, { rollout }))).toMatchObject(
      holding.includes(rollout)
        ? { kind: 'hold', reason: 'rollout', replicas: 1, wouldBe: 6 }
        : restored(1, 6),
    )
  })

  it.each(rolloutStates)('down of a service whose rollout is %s', (rollout) => {
    const isHeld = rollout === 'updating' || holding.includes(rollout)
    expect(at(redeployed({ from: 3, to: 9 }, {}, { rollout }))).toMatchObject(
      isHeld ? { kind: 'hold', reason: 'rollout', replicas: 9, wouldBe: 3 } : restored(9, 3),
    )
  })

  it.each([
    ['another update has begun', { previous: { replicas: 1, state: {} } }],
    ['nothing is known to have begun', { previous: undefined }],
  ])('up waits for the end of a rollout that %s', (_, { previous }) => {
    const { previous: __, ...later } = redeployed({ from: 6, to: 1 }, {}, { rollout: 'updating' })
    const service = previous === undefined ? later : { ...later, previous }
    expect(at(service)).toMatchObject({ kind: 'hold', reason: 'rollout', replicas: 1, wouldBe: 6 })
  })

  it('in the midst of its rollout is still held by a pause and by a dry run', () => {
    const rollout = 'updating'
    const paused = redeployed({ from: 6, to: 1 }, { pause: { directions: ['up'] } }, { rollout })
    expect(at(paused)).toMatchObject({ kind: 'hold', reason: 'paused', wouldBe: 6 })
    const dry = redeployed({ from: 6, to: 1 }, { isDryRun: true }, { rollout })
    expect(at(dry)).toMatchObject({ kind: 'hold', reason: 'dry_run', wouldBe: 6 })
  })
})

describe('a restore that a pause holds', () => {
  it.each([
    ['up', { from: 6, to: 4 }, anActiveAlert('down', 2), 2],
    ['down', { from: 10, to: 30 }, anActiveAlert('up', 40), 40],
  ] as const)('%s leaves the alerts of the other direction their say', (direction, redeploy, alert, to) => {
    const held = redeployed(redeploy, { max: 50, pause: { directions: [direction] } })
    expect(at(held, alert)).toMatchObject({ kind: 'scale', to, reason: 'alert' })
  })

  it.each([
    ['up', { from: 6, to: 4 }, anActiveAlert('up', 9), 6],
    ['down', { from: 10, to: 30 }, anActiveAlert('down', 2), 10],
  ] as const)(
    '%s is what is told where the alerts are of that direction',
    (direction, redeploy, alert, wouldBe) => {
      const held = redeployed(redeploy, { max: 50, pause: { directions: [direction] } })
      expect(at(held, alert)).toMatchObject({ kind: 'hold', reason: 'paused', wouldBe })
      expect(at(held)).toMatchObject({ kind: 'hold', reason: 'paused', wouldBe })
    },
  )
})

describe('an updating rollout', () => {
  const rollout = 'updating'
  it.each([
    ['of ups by a number', aService({ rollout }), anActiveAlert('up', 9), 9],
    ['of ups by a step', aService({ rollout }), anActiveAlert('up', aStep(1)), 5],
    ['of downs', aService({ rollout }), anActiveAlert('down', 2), 2],
    [
      'after a redeploy that cannot be restored',
      redeployed({ from: 0, to: 4 }, {}, { rollout }),
      anActiveAlert('up', 9),
      9,
    ],
  ])('lets no alert pass, %s', (_, service, alert, wouldBe) => {
    expect(at(service, alert)).toMatchObject({ kind: 'hold', reason: 'rollout', replicas: 4, wouldBe })
  })

  it.each([
    ['below the minimum', 1, 2],
    ['above the maximum', 11, 10],
  ])('lets no correction pass, %s', (_, desiredReplicas, wouldBe) => {
    const service = aService({ desiredReplicas, rollout, policy: aPolicy({ min: 2 }) })
    expect(at(service)).toMatchObject({ kind: 'hold', reason: 'rollout', wouldBe })
  })
})
