import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aService, aWindow, noon } from '../../test/support/fakes/builders.ts'
import type { Amount } from '../domain/amount.ts'
import type { Decision } from '../domain/decision.ts'
import type { DirectionPolicy, Policy } from '../domain/policy.ts'
import type { Schedule } from '../domain/schedule.ts'
import type { ScalingState, Service } from '../domain/service.ts'
import type { Heard, Signal } from '../domain/signal.ts'
import { boundsAt } from './bounds.ts'
import { decide } from './decide.ts'

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 })
const aTime = fc.integer({ min: noon - 400_000, max: noon + 1_000 })
const aDuration = fc.constantFrom(0, 1, 10_000, 60_000, 150_000, 600_000)
const anAmount: fc.Arbitrary<Amount> = fc.oneof(
  fc.record({ unit: fc.constant('replicas' as const), value: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ unit: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 300 }) }),
)

/** Leaves out what is undefined, as the types ask for. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

const aDirection = fc
  .record({
    step: anAmount,
    stabilizationMs: aDuration,
    cooldownMs: optional(aDuration),
    maxStep: optional(fc.oneof(fc.tuple(anAmount), fc.tuple(anAmount, anAmount))),
  })
  .map((one) => compact(one) as DirectionPolicy)

const aSchedule = fc
  .record({ hour: fc.constantFrom(11, 12, 13), min: optional(fc.nat(40)), max: optional(fc.nat(40)) })
  .map(({ hour, ...bounds }) =>
    compact(aWindow({ start: `0 ${hour} * * *`, ...(compact(bounds) as Partial<Schedule>) })),
  )

const aPolicyAtAll = fc
  .record({
    min: fc.nat(10),
    span: fc.nat(40),
    up: aDirection,
    down: aDirection,
    schedules: fc.array(aSchedule, { maxLength: 3 }),
    isDryRun: fc.boolean(),
    pause: optional(fc.constantFrom({ directions: ['up'] }, { directions: ['down'], untilMs: noon + 5 })),
  })
  .map(({ span, ...rest }) =>
    compact({ targets: {}, onRedeploy: 'restore', ...rest, max: Math.max(1, rest.min + span) } as Policy),
  )

const aDemand: fc.Arbitrary<Signal['demand']> = fc.oneof(
  fc.double({ min: 0, max: 60, noNaN: true }).map((replicas) => ({ kind: 'replicas' as const, replicas })),
  anAmount.map((step) => ({ kind: 'step' as const, step })),
  fc.constant({ kind: 'policy-step' as const }),
)
const aHeard = fc.array(fc.record({ atMs: aTime, replicas: fc.double({ min: 0, max: 60, noNaN: true }) }), {
  maxLength: 4,
})

/** As the loop remembers it: in the order of hearing, nothing from the future, and what the alert asks for now the last. */
function heardUntilNow(heard: readonly Heard[], demand: Signal['demand']): readonly Heard[] {
  const earlier = heard.toSorted((a, b) => a.atMs - b.atMs).filter(({ atMs }) => atMs <= noon)
  return demand.kind === 'replicas' ? [...earlier, { atMs: noon, replicas: demand.replicas }] : earlier
}

const aSignalAtAll: fc.Arbitrary<Signal> = fc
  .record({
    fingerprint: fc.uuid(),
    scale: fc.constantFrom('up', 'down', 'to'),
    demand: aDemand,
    startsAtMs: aTime,
    heard: aHeard,
  })
  .map(({ heard, ...one }) => ({ alertName: 'any', ...one, heard: heardUntilNow(heard, one.demand) }))

const aSituation = fc.record({
  policy: aPolicyAtAll,
  desiredReplicas: fc.nat(60),
  state: fc
    .record({ lastUpMs: optional(aTime), lastDownMs: optional(aTime) })
    .map((one) => compact(one) as ScalingState),
  rollout: optional(
    fc.constantFrom('updating', 'completed') as fc.Arbitrary<NonNullable<Service['rollout']>>,
  ),
  signals: fc.array(aSignalAtAll, { maxLength: 5 }),
})
type Situation = typeof aSituation extends fc.Arbitrary<infer T> ? T : never

const serviceOf = ({ signals: _, ...over }: Situation): Service =>
  aService(compact(over) as Parameters<typeof aService>[0])
const decideFor = (situation: Situation): Decision =>
  decide({ service: serviceOf(situation), signals: situation.signals, nowMs: noon })
const resultOf = (decision: Decision) =>
  decision.kind === 'scale' ? decision.to : decision.kind === 'hold' ? decision.replicas : Number.NaN

const runs = { numRuns: 2_000 }

describe('whatever the policy, the state and the signals', () => {
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

  it('the order of the signals does not matter', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const reversed = { ...situation, signals: situation.signals.toReversed() }
        expect(resultOf(decideFor(reversed))).toBe(resultOf(decideFor(situation)))
      }),
      runs,
    )
  })

  it('nothing goes down for a signal while an up stands', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        const isUpStanding = situation.signals.some(({ scale }) => scale === 'up')
        if (isUpStanding && decision.kind === 'scale' && decision.reason === 'signal') {
          expect(decision.to).toBeGreaterThan(decision.from)
        }
      }),
      runs,
    )
  })

  it('the same signals a second time change nothing, where the cooldowns are above 0', () => {
    fc.assert(
      fc.property(aSituation, (situation) => {
        const decision = decideFor(situation)
        if (decision.kind !== 'scale' || decision.reason !== 'signal') return
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
        if (second.kind === 'scale' && second.reason === 'signal') {
          expect(second.to > second.from).not.toBe(decision.to > decision.from)
        }
      }),
      runs,
    )
  })

  it('an up that asks for more never gives less', () => {
    fc.assert(
      fc.property(aSituation, fc.double({ min: 0, max: 30, noNaN: true }), (situation, more) => {
        const raise = (signal: Signal): Signal =>
          signal.scale === 'up' && signal.demand.kind === 'replicas'
            ? { ...signal, demand: { kind: 'replicas', replicas: signal.demand.replicas + more } }
            : signal
        const raised = { ...situation, signals: situation.signals.map(raise) }
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
          expect(decide({ service, signals: situation.signals, nowMs }).kind).toBe('hold')
        }
      }),
      runs,
    )
  })
})
