import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../../../test/support/fakes/builders.ts'
import { cases } from '../../../test/support/fuzz/cases.ts'
import type { CostQuery, ServiceCost } from '../../domain/cost.ts'
import type { ReplicaCount, Watch } from '../../domain/replica-count.ts'
import { type CostBasis, costOf } from './cost-of.ts'

/** Histories of two minutes before and after noon, in whole seconds. */
const aSecond = fc.integer({ min: -120, max: 120 })
const at = (second: number) => noon + second * 1_000

const aCount = fc
  .record(
    {
      atMs: aSecond.map(at),
      desired: fc.nat(9),
      running: fc.nat(9),
      costPerHour: fc.constantFrom(0, 0.1, 3.6, 36),
      isGone: fc.constant(true as const),
    },
    { requiredKeys: ['atMs', 'desired'] },
  )
  // Most counts are of a service that is there.
  .chain((count) => fc.constantFrom(count, withoutGone(count), withoutGone(count)))
  .map((count): ReplicaCount => ({ service: 'web', ...count }))

function withoutGone<T extends { isGone?: true }>({ isGone: _, ...count }: T) {
  return count
}

const aHistory = fc
  .uniqueArray(aCount, { selector: ({ atMs }) => atMs, minLength: 1, maxLength: 12 })
  .map((counts) => counts.toSorted((a, b) => a.atMs - b.atMs))

const aWatch = fc
  .record({ receiver: fc.constantFrom('a', 'b'), from: aSecond, seconds: fc.nat(150) })
  .map(({ receiver, from, seconds }): Watch => ({ receiver, fromMs: at(from), untilMs: at(from + seconds) }))

const aCase = fc.record({
  counts: aHistory,
  watches: fc.array(aWatch, { maxLength: 5 }),
  since: fc.integer({ min: -100, max: 60 }),
  seconds: fc.nat(120),
  now: fc.oneof(fc.constant(1_000), aSecond),
  patience: fc.constantFrom(0, 0, 20),
  fixed: fc.nat(12),
})
type Case = typeof aCase extends fc.Arbitrary<infer T> ? T : never

const runs = cases(50)

function costOfCase(one: Case, query: Partial<CostQuery> = {}, basis: Partial<CostBasis> = {}): ServiceCost {
  const { counts, watches, since, seconds, now, patience, fixed } = one
  const [cost] = costOf(
    { service: 'web', sinceMs: at(since), untilMs: at(since + seconds), fixed, ...query },
    { counts, watches, nowMs: at(now), patienceMs: patience * 1_000, ...basis },
  )
  if (cost === undefined) throw new Error('no cost')
  return cost
}

/** What is known of the second that begins here: looked up anew for each, with no regard to any other. Absent: a gap. */
function secondOf({ counts, watches, now }: Case, second: number) {
  const ms = at(second)
  const count = counts.findLast(({ atMs }) => atMs <= ms)
  const isSeen = watches.some(({ fromMs, untilMs }) => fromMs <= ms && ms < untilMs)
  if (count === undefined || count.isGone || !isSeen || second >= now) return undefined
  return { replicas: count.running ?? count.desired, price: count.costPerHour }
}

function secondsOf(one: Case) {
  const seconds = Array.from({ length: one.seconds }, (_, n) => secondOf(one, one.since + n))
  return seconds.filter((second) => second !== undefined)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
const secondsIn = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) => (untilMs - fromMs) / 1_000

describe('whatever the history, the watches and the time asked about', () => {
  it('the numbers are those of adding up second by second', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        const cost = costOfCase(one)
        const seconds = secondsOf(one)
        const priced = seconds.filter(({ price }) => price !== undefined)
        expect(cost.knownSeconds).toBe(seconds.length)
        expect(cost.replicaSeconds).toBe(sum(seconds.map(({ replicas }) => replicas)))
        expect(cost.peak).toBe(
          seconds.length === 0 ? undefined : Math.max(...seconds.map(({ replicas }) => replicas)),
        )
        expect(cost.average ?? 0).toBeCloseTo(cost.replicaSeconds / Math.max(1, seconds.length))
        expect(cost.cost === undefined).toBe(priced.length === 0)
        expect(cost.cost ?? 0).toBeCloseTo(
          sum(priced.map(({ replicas, price = 0 }) => (replicas * price) / 3_600)),
        )
        expect(cost.pricedSeconds ?? (priced.length === 0 ? 0 : seconds.length)).toBe(priced.length)
        expect(cost.savedAgainstFixed?.cost ?? 0).toBeCloseTo(
          sum(priced.map(({ replicas, price = 0 }) => ((one.fixed - replicas) * price) / 3_600)),
        )
      }),
      runs,
    )
  })

  it('what is known and the gaps make up the whole, in order, and no two gaps could be one', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        const { gaps, knownSeconds, fromMs, untilMs } = costOfCase(one)
        expect(knownSeconds + sum(gaps.map(secondsIn))).toBe(one.seconds)
        let doneMs = fromMs
        for (const [index, gap] of gaps.entries()) {
          expect(gap.fromMs).toBeGreaterThanOrEqual(doneMs)
          expect(gap.untilMs).toBeGreaterThan(gap.fromMs)
          const before = gaps[index - 1]
          expect(before?.untilMs === gap.fromMs && before.reason === gap.reason).toBe(false)
          doneMs = gap.untilMs
        }
        expect(doneMs).toBeLessThanOrEqual(untilMs)
      }),
      runs,
    )
  })

  it('no second of a gap is known', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        for (const { fromMs, untilMs } of costOfCase(one).gaps) {
          for (let ms = fromMs; ms < untilMs; ms += 1_000)
            expect(secondOf(one, (ms - noon) / 1_000)).toBeUndefined()
        }
      }),
      runs,
    )
  })

  it('two parts of it add up to the whole', () => {
    fc.assert(
      fc.property(aCase, fc.nat(120), (one, first) => {
        const whole = costOfCase(one)
        const splitMs = Math.min(whole.untilMs, whole.fromMs + first * 1_000)
        const parts = [costOfCase(one, { untilMs: splitMs }), costOfCase(one, { sinceMs: splitMs })]
        expectSum(whole, parts)
      }),
      runs,
    )
  })

  it('its days add up to the whole, in any time zone', () => {
    // Midnight of the last one is noon of Greenwich, in the midst of these histories.
    const aZone = fc.constantFrom('UTC', 'Europe/Berlin', 'Etc/GMT-12', 'Etc/GMT-12')
    fc.assert(
      fc.property(aCase, aZone, (one, byDayIn) => {
        const whole = costOfCase(one, { byDayIn })
        expectSum(whole, whole.days ?? [])
        const ends = [whole.fromMs, ...(whole.days ?? []).map(({ untilMs }) => untilMs)]
        expect(whole.days?.map(({ fromMs }) => fromMs)).toEqual(ends.slice(0, -1))
        expect(ends.at(-1)).toBe(whole.untilMs)
      }),
      runs,
    )
  })

  it('what is saved is what was not run', () => {
    fc.assert(
      fc.property(aCase, (one) => {
        const { knownSeconds, replicaSeconds, peak, savedAgainstFixed, savedAgainstPeak } = costOfCase(one)
        if (knownSeconds === 0) {
          expect([savedAgainstFixed, savedAgainstPeak]).toEqual([undefined, undefined])
          return
        }
        expect(savedAgainstFixed?.replicaSeconds).toBe(one.fixed * knownSeconds - replicaSeconds)
        expect(savedAgainstPeak?.replicaSeconds).toBe((peak ?? 0) * knownSeconds - replicaSeconds)
        expect(savedAgainstPeak?.replicaSeconds).toBeGreaterThanOrEqual(0)
      }),
      runs,
    )
  })

  it('more replicas never cost less', () => {
    fc.assert(
      fc.property(aCase, fc.nat(11), fc.integer({ min: 1, max: 5 }), (one, index, more) => {
        const counts = one.counts.map((count, at) => (at === index ? grown(count, more) : count))
        const [before, after] = [costOfCase(one), costOfCase(one, {}, { counts })]
        expect(after.replicaSeconds).toBeGreaterThanOrEqual(before.replicaSeconds)
        expect(after.cost ?? 0).toBeGreaterThanOrEqual(before.cost ?? 0)
        expect(after.gaps).toEqual(before.gaps)
      }),
      runs,
    )
  })

  it('a watch told in two parts, or twice, is one', () => {
    fc.assert(
      fc.property(aCase, fc.nat(4), aSecond, (one, index, second) => {
        const watches = one.watches.flatMap((watch, at) => (at === index ? splitAt(watch, second) : [watch]))
        expect(costOfCase(one, {}, { watches: [...watches, ...watches] })).toEqual(costOfCase(one))
      }),
      runs,
    )
  })
})

function grown({ running, desired, ...count }: ReplicaCount, more: number): ReplicaCount {
  return {
    ...count,
    desired: desired + more,
    ...(running === undefined ? {} : { running: running + more }),
  }
}

function splitAt(watch: Watch, second: number): readonly Watch[] {
  const ms = Math.min(watch.untilMs, Math.max(watch.fromMs, at(second)))
  return [
    { ...watch, untilMs: ms },
    { ...watch, fromMs: ms },
  ]
}

function expectSum(whole: ServiceCost, parts: readonly Omit<ServiceCost, 'service' | 'gaps'>[]): void {
  expect(sum(parts.map(({ knownSeconds }) => knownSeconds))).toBe(whole.knownSeconds)
  expect(sum(parts.map(({ replicaSeconds }) => replicaSeconds))).toBe(whole.replicaSeconds)
  expect(sum(parts.map(({ cost = 0 }) => cost))).toBeCloseTo(whole.cost ?? 0)
  const saved = parts.map(({ savedAgainstFixed }) => savedAgainstFixed?.replicaSeconds ?? 0)
  expect(sum(saved)).toBe(whole.savedAgainstFixed?.replicaSeconds ?? 0)
  expect(Math.max(0, ...parts.map(({ peak = 0 }) => peak))).toBe(whole.peak ?? 0)
}
