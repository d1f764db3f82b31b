import { describe, expect, it } from 'vitest'
import { noon } from '../../../test/support/fakes/builders.ts'
import type { CostGap, CostQuery } from '../../domain/cost.ts'
import type { ReplicaCount, Watch } from '../../domain/replica-count.ts'
import { costOf } from './cost-of.ts'

/** Times of these tables are seconds after noon. */
const at = (second: number) => noon + second * 1_000
const watch = (from: number, until: number, receiver = 'a'): Watch => ({
  receiver,
  fromMs: at(from),
  untilMs: at(until),
})
const count = (second: number, replicas: number, over: Partial<ReplicaCount> = {}): ReplicaCount => ({
  service: 'web',
  atMs: at(second),
  desired: replicas,
  running: replicas,
  ...over,
})
const gone = (second: number): ReplicaCount => ({
  service: 'web',
  atMs: at(second),
  desired: 0,
  isGone: true,
})
const gap = (from: number, until: number, reason: CostGap['reason']): CostGap => ({
  fromMs: at(from),
  untilMs: at(until),
  reason,
})

interface World {
  readonly counts: readonly ReplicaCount[]
  readonly watches?: readonly Watch[]
  readonly query?: Partial<CostQuery>
  /** In seconds after noon. */
  readonly now?: number
}

/** What is asked of the time from second 0 to 100, watched all the time, as long after it as may be. */
function costsOf({ counts, watches = [watch(-1_000, 1_000)], query = {}, now = 10_000 }: World) {
  return costOf({ sinceMs: at(0), untilMs: at(100), ...query }, { counts, watches, nowMs: at(now) })
}

function costOfWeb(world: World) {
  const [web] = costsOf({ ...world, query: { service: 'web', ...world.query } })
  if (web === undefined) throw new Error('no cost')
  return web
}

describe('replica-seconds', () => {
  const rows: [string, World, number, number, CostGap[]][] = [
    ['a count before the time holds in it', { counts: [count(-50, 4)] }, 400, 100, []],
    ['a count at its beginning holds in it', { counts: [count(-50, 9), count(0, 4)] }, 400, 100, []],
    ['a count holds until the next', { counts: [count(-50, 4), count(30, 7)] }, 4 * 30 + 7 * 70, 100, []],
    ['a count at its end is no part of it', { counts: [count(-50, 4), count(100, 7)] }, 400, 100, []],
    [
      'nothing is known before the first count',
      { counts: [count(30, 4)] },
      4 * 70,
      70,
      [gap(0, 30, 'before_first_count')],
    ],
    [
      'nothing is known where the first count comes later',
      { counts: [count(200, 4)] },
      0,
      0,
      [gap(0, 100, 'before_first_count')],
    ],
    ['zero replicas are known', { counts: [count(-50, 0)] }, 0, 100, []],
    [
      'a service that is gone is no longer known',
      { counts: [count(-50, 4), gone(60)] },
      240,
      60,
      [gap(60, 100, 'gone')],
    ],
    [
      'a service that comes back is known again',
      { counts: [count(-50, 4), gone(20), count(70, 2)] },
      4 * 20 + 2 * 30,
      50,
      [gap(20, 70, 'gone')],
    ],
    ['one that was gone before is not known', { counts: [gone(-5)] }, 0, 0, [gap(0, 100, 'gone')]],
    [
      'an outage is not known, and the count before it holds after it',
      { counts: [count(-50, 4)], watches: [watch(-100, 40), watch(60, 200)] },
      4 * 80,
      80,
      [gap(40, 60, 'not_watched')],
    ],
    [
      'a change within an outage holds after it',
      { counts: [count(-50, 4), count(50, 7)], watches: [watch(-100, 40), watch(60, 200)] },
      4 * 40 + 7 * 40,
      80,
      [gap(40, 60, 'not_watched')],
    ],
    [
      'a service that is gone stays so through an outage',
      { counts: [count(-50, 4), gone(30)], watches: [watch(-100, 40), watch(60, 200)] },
      120,
      30,
      [gap(30, 100, 'gone')],
    ],
    [
      'a first count within an outage counts from its end',
      { counts: [count(50, 4)], watches: [watch(-100, 40), watch(60, 200)] },
      4 * 40,
      40,
      [gap(0, 50, 'before_first_count'), gap(50, 60, 'not_watched')],
    ],
    [
      'two receivers at once count once',
      { counts: [count(-50, 4)], watches: [watch(-100, 70, 'a'), watch(30, 200, 'b')] },
      400,
      100,
      [],
    ],
    [
      'what neither of two receivers saw is not known',
      { counts: [count(-50, 4)], watches: [watch(-100, 10, 'a'), watch(30, 200, 'b')] },
      4 * 80,
      80,
      [gap(10, 30, 'not_watched')],
    ],
    [
      'without a watch nothing is known',
      { counts: [count(-50, 4)], watches: [] },
      0,
      0,
      [gap(0, 100, 'not_watched')],
    ],
    [
      'the future is not known, whatever the watch says',
      { counts: [count(-50, 4), count(60, 9)], now: 40 },
      4 * 40,
      40,
      [gap(40, 100, 'not_yet')],
    ],
    [
      'all of it in the future is not known',
      { counts: [count(-50, 4)], now: -10 },
      0,
      0,
      [gap(0, 100, 'not_yet')],
    ],
    [
      'running replicas count, not those in the spec',
      { counts: [count(-50, 7, { running: 4 })] },
      400,
      100,
      [],
    ],
    ['no running replicas count as none', { counts: [count(-50, 7, { running: 0 })] }, 0, 100, []],
    [
      'replicas in the spec count where the running ones were not counted',
      { counts: [count(-50, 4), { service: 'web', atMs: at(50), desired: 6 }] },
      4 * 50 + 6 * 50,
      100,
      [],
    ],
  ]
  it.each(rows)('%s', (_, world, replicaSeconds, knownSeconds, gaps) => {
    expect(costOfWeb(world)).toMatchObject({ service: 'web', replicaSeconds, knownSeconds, gaps })
  })

  it('of no time are none, and nothing is missing', () => {
    const query = { untilMs: at(0), byDayIn: 'UTC', fixed: 4 }
    expect(costOfWeb({ counts: [count(-50, 4)], query })).toEqual({
      service: 'web',
      fromMs: at(0),
      untilMs: at(0),
      knownSeconds: 0,
      replicaSeconds: 0,
      gaps: [],
      days: [],
    })
  })

  it('of a time that ends before it begins are those of no time', () => {
    expect(costOfWeb({ counts: [count(-50, 4)], query: { untilMs: at(-10) } })).toMatchObject({
      fromMs: at(0),
      untilMs: at(0),
      knownSeconds: 0,
      gaps: [],
    })
  })
})

describe('average and peak', () => {
  it('are of the known time alone', () => {
    const cost = costOfWeb({
      counts: [count(-50, 2), count(20, 8), count(45, 4)],
      watches: [watch(-100, 30), watch(40, 200)],
    })
    expect(cost).toMatchObject({ knownSeconds: 90, replicaSeconds: 40 + 80 + 40 + 220, peak: 8 })
    expect(cost.average).toBeCloseTo(380 / 90)
  })

  it('do not see what lies in an outage, before, or after', () => {
    const counts = [count(-90, 99), count(-50, 2), count(45, 99), count(55, 3), count(100, 99)]
    expect(costOfWeb({ counts, watches: [watch(-100, 40), watch(60, 200)] }).peak).toBe(3)
  })

  it('are absent, as is all that is saved, where nothing is known', () => {
    const query = { fixed: 4 }
    const cost = costOfWeb({ counts: [count(-50, 4, { costPerHour: 1 })], watches: [], query })
    expect(Object.keys(cost).toSorted()).toEqual([
      'fromMs',
      'gaps',
      'knownSeconds',
      'replicaSeconds',
      'service',
      'untilMs',
    ])
  })
})

describe('cost', () => {
  const dear = { costPerHour: 36 }

  it('is the price of each replica for the time that it ran', () => {
    expect(costOfWeb({ counts: [count(-50, 4, dear)] }).cost).toBeCloseTo(4)
  })

  it('follows the price from the moment at which it changed', () => {
    const counts = [count(-50, 4, dear), count(50, 4, { costPerHour: 72 })]
    expect(costOfWeb({ counts }).cost).toBeCloseTo(2 + 4)
  })

  it('is absent without a price', () => {
    const cost = costOfWeb({ counts: [count(-50, 4)], query: { fixed: 5 } })
    expect(cost).not.toHaveProperty('cost')
    expect(cost).not.toHaveProperty('pricedSeconds')
    expect(cost.savedAgainstFixed).toEqual({ replicas: 5, replicaSeconds: 100 })
  })

  it('is 0 at a price of 0, and where nothing ran', () => {
    expect(costOfWeb({ counts: [count(-50, 4, { costPerHour: 0 })] })).toMatchObject({ cost: 0 })
    expect(costOfWeb({ counts: [count(-50, 0, dear)] })).toMatchObject({ cost: 0 })
  })

  it('is of the time that had a price, and says how much that was', () => {
    const counts = [count(-50, 4), count(75, 4, dear)]
    const cost = costOfWeb({ counts, query: { fixed: 6 } })
    expect(cost).toMatchObject({ knownSeconds: 100, pricedSeconds: 25 })
    expect(cost.cost).toBeCloseTo(1)
    expect(cost.savedAgainstFixed?.replicaSeconds).toBe(200)
    expect(cost.savedAgainstFixed?.cost).toBeCloseTo(0.5)
  })

  it('says nothing of how much had a price where all of it had one, be it not the same', () => {
    const counts = [count(-50, 4, dear), count(50, 4, { costPerHour: 0 })]
    expect(costOfWeb({ counts })).not.toHaveProperty('pricedSeconds')
  })
})

describe('what is saved', () => {
  const counts = [count(-50, 2, { costPerHour: 36 }), count(50, 6, { costPerHour: 72 })]

  it('against the peak is what it would have cost all the time, each part at its own price', () => {
    const { savedAgainstPeak } = costOfWeb({ counts })
    expect(savedAgainstPeak).toMatchObject({ replicas: 6, replicaSeconds: 200 })
    expect(savedAgainstPeak?.cost).toBeCloseTo(2)
  })

  it('against a number is below 0 where more ran than that', () => {
    const { savedAgainstFixed } = costOfWeb({ counts, query: { fixed: 3 } })
    expect(savedAgainstFixed).toMatchObject({ replicas: 3, replicaSeconds: 50 - 150 })
    expect(savedAgainstFixed?.cost).toBeCloseTo(0.5 - 3)
  })

  it('against 0 is all that ran', () => {
    const { savedAgainstFixed } = costOfWeb({ counts, query: { fixed: 0 } })
    expect(savedAgainstFixed).toMatchObject({ replicas: 0, replicaSeconds: -400 })
  })

  it('is not reckoned for an outage', () => {
    const watches = [watch(-100, 40), watch(60, 200)]
    const { savedAgainstFixed } = costOfWeb({ counts, watches, query: { fixed: 6 } })
    expect(savedAgainstFixed?.replicaSeconds).toBe(160)
  })
})

describe('days', () => {
  const sinceMs = Date.parse('2026-10-24T12:00:00Z')
  const untilMs = Date.parse('2026-10-26T12:00:00Z')
  const hour = 3_600
  const counts: ReplicaCount[] = [
    { service: 'web', atMs: sinceMs - 1, desired: 2, costPerHour: 1 },
    { service: 'web', atMs: Date.parse('2026-10-25T12:00:00Z'), desired: 3, costPerHour: 1 },
  ]
  const watches = [{ receiver: 'a', fromMs: 0, untilMs: Date.parse('2026-10-26T06:00:00Z') }]
  const berlin = { sinceMs, untilMs, byDayIn: 'Europe/Berlin', fixed: 4 }

  it('have an hour more where the clocks go back, and are cut where the time asked about is', () => {
    const { days } = costOfWeb({ counts, watches, query: berlin, now: 100_000_000 })
    expect(days).toEqual([
      {
        fromMs: sinceMs,
        untilMs: Date.parse('2026-10-24T22:00:00Z'),
        knownSeconds: 10 * hour,
        replicaSeconds: 20 * hour,
        average: 2,
        peak: 2,
        cost: 20,
        savedAgainstPeak: { replicas: 2, replicaSeconds: 0, cost: 0 },
        savedAgainstFixed: { replicas: 4, replicaSeconds: 20 * hour, cost: 20 },
      },
      {
        fromMs: Date.parse('2026-10-24T22:00:00Z'),
        untilMs: Date.parse('2026-10-25T23:00:00Z'),
        knownSeconds: 25 * hour,
        replicaSeconds: (14 * 2 + 11 * 3) * hour,
        average: 61 / 25,
        peak: 3,
        cost: 61,
        savedAgainstPeak: { replicas: 3, replicaSeconds: 14 * hour, cost: 14 },
        savedAgainstFixed: { replicas: 4, replicaSeconds: 39 * hour, cost: 39 },
      },
      expect.objectContaining({
        fromMs: Date.parse('2026-10-25T23:00:00Z'),
        untilMs,
        knownSeconds: 7 * hour,
        replicaSeconds: 21 * hour,
      }),
    ])
  })

  it('of which nothing is known are told as such', () => {
    const query = { ...berlin, sinceMs: Date.parse('2026-10-26T12:00:00Z'), untilMs: untilMs + 86_400_000 }
    const { days } = costOfWeb({ counts, watches, query, now: 100_000_000 })
    expect(days).toHaveLength(2)
    expect(days?.[0]).toMatchObject({ knownSeconds: 0, replicaSeconds: 0 })
    expect(days?.[0]).not.toHaveProperty('peak')
  })

  it('are absent where they were not asked for', () => {
    expect(costOfWeb({ counts })).not.toHaveProperty('days')
  })
})

describe('several services', () => {
  const counts = [
    count(-50, 4, { service: 'web' }),
    count(-50, 1, { service: 'api' }),
    { ...gone(-50), service: 'old' },
  ]

  it('come by name, each by itself, and those that were gone all the time do not, unless asked for', () => {
    const costs = costsOf({ counts })
    expect(costs.map(({ service, replicaSeconds }) => [service, replicaSeconds])).toEqual([
      ['api', 100],
      ['web', 400],
    ])
    const asked = costsOf({ counts: [{ ...gone(-50), service: 'old' }], query: { service: 'old' } })
    expect(asked).toMatchObject([{ service: 'old', gaps: [gap(0, 100, 'gone')] }])
  })

  it('come with one that went away within the time', () => {
    const [old] = costsOf({ counts: [count(-50, 3), gone(10)] })
    expect(old).toMatchObject({ replicaSeconds: 30 })
  })
})
