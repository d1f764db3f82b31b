import fc from 'fast-check'
import type { ActiveAlert, Received } from '../../../src/domain/active-alert.ts'
import type { Amount } from '../../../src/domain/amount.ts'
import type { DirectionPolicy, Policy } from '../../../src/domain/policy.ts'
import type { Schedule } from '../../../src/domain/schedule.ts'
import type { ScalingState, Service } from '../../../src/domain/service.ts'
import { aService, aWindow, noon } from './builders.ts'

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

const aDemand: fc.Arbitrary<ActiveAlert['demand']> = fc.oneof(
  fc.double({ min: 0, max: 60, noNaN: true }).map((replicas) => ({ kind: 'replicas' as const, replicas })),
  anAmount.map((step) => ({ kind: 'step' as const, step })),
  fc.constant({ kind: 'policy-step' as const }),
)
const someReceived = fc.array(
  fc.record({ atMs: aTime, replicas: fc.double({ min: 0, max: 60, noNaN: true }) }),
  {
    maxLength: 4,
  },
)

/** As the loop remembers it: in the order of hearing, nothing from the future, and what the alert asks for now the last. */
function receivedUntilNow(received: readonly Received[], demand: ActiveAlert['demand']): readonly Received[] {
  const earlier = received.toSorted((a, b) => a.atMs - b.atMs).filter(({ atMs }) => atMs <= noon)
  return demand.kind === 'replicas' ? [...earlier, { atMs: noon, replicas: demand.replicas }] : earlier
}

const anyActiveAlert: fc.Arbitrary<ActiveAlert> = fc
  .record({
    fingerprint: fc.uuid(),
    scale: fc.constantFrom('up', 'down', 'to'),
    demand: aDemand,
    startsAtMs: aTime,
    received: someReceived,
  })
  .map(({ received, ...one }) => ({
    alertName: 'any',
    ...one,
    received: receivedUntilNow(received, one.demand),
  }))

/** A service of any size and policy at noon, and any alerts that stand for it. */
export const aSituation = fc.record({
  policy: aPolicyAtAll,
  desiredReplicas: fc.nat(60),
  state: fc
    .record({ lastUpMs: optional(aTime), lastDownMs: optional(aTime) })
    .map((one) => compact(one) as ScalingState),
  rollout: optional(
    fc.constantFrom('updating', 'completed') as fc.Arbitrary<NonNullable<Service['rollout']>>,
  ),
  alerts: fc.array(anyActiveAlert, { maxLength: 5 }),
})
export type SituationAtNoon = typeof aSituation extends fc.Arbitrary<infer T> ? T : never

export const serviceOf = ({ alerts: _, ...over }: SituationAtNoon): Service =>
  aService(compact(over) as Parameters<typeof aService>[0])
