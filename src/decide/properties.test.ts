import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import { aSituation, type SituationAtNoon, serviceOf } from '../../test/support/fakes/situations.ts'
import { cases } from '../../test/support/fuzz/cases.ts'
import type { ActiveAlert } from '../domain/active-alert.ts'
import type { Decision } from '../domain/decision.ts'
import type { DirectionPolicy } from '../domain/policy.ts'
import { boundsAt } from './bounds.ts'
import { decide } from './decide.ts'

const decideFor = (situation: SituationAtNoon): Decision =>
  decide({ service: serviceOf(situation), alerts: situation.alerts, nowMs: noon })
const resultOf = (decision: Decision) =>
  decision.kind === 'scale' ? decision.to : decision.kind === 'hold' ? decision.replicas : Number.NaN

const runs = cases(100)

describe('whatever the policy, the state and the alerts', () => {
  it('a change ends within the bounds in force', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        const { min, max } = boundsAt(situation.policy, noon)
        if (decision.kind === 'scale') {
          expect(decision.to).toBeGreaterThanOrEqual(min)
          expect(decision.to).toBeLessThanOrEqual(max)
          expect(Number.isInteger(decision.to)).toBe(true)
          expect(decision.to).not.toBe(decision.from)
        }
      }),
      runs,
    )
  })

  it('the order of the alerts does not matter', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const reversed = { ...situation, alerts: situation.alerts.toReversed() }
        expect(resultOf(decideFor(reversed))).toBe(resultOf(decideFor(situation)))
      }),
      runs,
    )
  })

  it('nothing goes down for an alert while an up is active', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        const isUpStanding = situation.alerts.some(({ scale }) => scale === 'up')
        if (isUpStanding && decision.kind === 'scale' && decision.reason === 'alert') {
          expect(decision.to).toBeGreaterThan(decision.from)
        }
      }),
      runs,
    )
  })

  it('the same alerts a second time change nothing, where the cooldowns are above 0', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        if (decision.kind !== 'scale' || decision.reason !== 'alert') return
        const { up, down } = situation.policy
        const cooled = (one: DirectionPolicy) => ({ ...one, cooldownMs: Math.max(1, one.cooldownMs ?? 1) })
        const direction = decision.to > decision.from ? 'lastUpMs' : 'lastDownMs'
        const again = {
          ...situation,
          policy: { ...situation.policy, up: cooled(up), down: cooled(down) },
          desiredReplicas: decision.to,
          state: { ...situation.state, [direction]: noon },
        }
        const second = decideFor(again)
        // The other direction may be due: ups that wait leave the field to nobody, downs do not stand beside ups.
        if (second.kind === 'scale' && second.reason === 'alert') {
          expect(second.to > second.from).not.toBe(decision.to > decision.from)
        }
      }),
      runs,
    )
  })

  it('an up that asks for more never gives less', () => {
    fc.assert(
      fc.property(aSituation, fc.double({ min: 0, max: 30, noNaN: true }), (situation, more) => {
        const raise = (alert: ActiveAlert): ActiveAlert =>
          alert.scale === 'up' && alert.demand.kind === 'replicas'
            ? { ...alert, demand: { kind: 'replicas', replicas: alert.demand.replicas + more } }
            : alert
        const raised = { ...situation, alerts: situation.alerts.map(raise) }
        expect(resultOf(decideFor(raised))).toBeGreaterThanOrEqual(resultOf(decideFor(situation)))
      }),
      runs,
    )
  })

  it('a hold by time tells its end, which lies ahead', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        if (decision.kind !== 'hold') return
        if (decision.reason === 'cooldown' || decision.reason === 'stabilizing') {
          expect(decision).toHaveProperty('untilMs')
        }
        if (decision.untilMs !== undefined) expect(decision.untilMs).toBeGreaterThan(noon)
      }),
      runs,
    )
  })

  it('nothing changes by time alone before the end that a hold tells, nor ever where it tells none', () => {
    fc.assert(
      fc.property(aSituation, fc.integer({ min: 1, max: 5_000_000 }), (situation, laterMs) => {
        const decision = decideFor(situation)
        if (decision.kind !== 'hold') return
        const laterAtMost = Math.min(noon + laterMs, (decision.untilMs ?? Number.POSITIVE_INFINITY) - 1)
        const service = serviceOf(situation)
        for (const nowMs of [laterAtMost, (decision.untilMs ?? noon + 1) - 1]) {
          expect(decide({ service, alerts: situation.alerts, nowMs }).kind).toBe('hold')
        }
      }),
      runs,
    )
  })
})
