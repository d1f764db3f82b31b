import { expect, it } from 'vitest'
import type { Score } from '../score.ts'
import { isBetter, type Labels, type Parameter, searchPolicy } from './search.ts'

const aScore = (over: Partial<Score>): Score => ({
  minutesAbove: 0,
  shareAbove: 0,
  replicaHours: 100,
  peak: 1,
  changes: 0,
  reversals: 0,
  elasticity: { underAccuracy: 0, overAccuracy: 0, underTimeshare: 0, overTimeshare: 0, jitter: 0 },
  ...over,
})

it.each([
  [
    'the level before the cost',
    { minutesAbove: 9, replicaHours: 500 },
    { minutesAbove: 11, replicaHours: 1 },
  ],
  [
    'the nearer one where neither keeps it',
    { minutesAbove: 20, replicaHours: 500 },
    { minutesAbove: 21, replicaHours: 1 },
  ],
  [
    'the cheaper one where both keep it',
    { minutesAbove: 9, replicaHours: 1 },
    { minutesAbove: 0, replicaHours: 2 },
  ],
  ['fewer changes at the same cost', { changes: 3 }, { changes: 4 }],
])('prefers %s', (_, better, worse) => {
  expect(isBetter(aScore(better), aScore(worse), 10)).toBe(true)
  expect(isBetter(aScore(worse), aScore(better), 10)).toBe(false)
})

/** Costs what `a` and `b` say, and is above capacity for as long as `b` falls short of 6, and for longer without an `a` of 2. */
function judge(labels: Labels): Score | undefined {
  const [a, b] = [Number(labels['a'] ?? 0), Number(labels['b'] ?? 0)]
  if (a === 4) return undefined
  return aScore({ replicaHours: 2 * a + b, minutesAbove: Math.max(0, 6 - b) + (a < 2 ? 5 : 0) })
}

const numbers = (key: string, values: readonly number[]): Parameter => ({
  name: key,
  keys: [key],
  choices: [{}, ...values.map((value) => ({ [key]: `${value}` }))],
})
const parameters = [numbers('a', [1, 2, 3, 4, 5]), numbers('b', [2, 5, 7, 10])]
const search = (maxMinutesAbove: number, shares: number[] = []) =>
  searchPolicy({
    start: { a: '1', b: '0', c: '8' },
    parameters,
    judge,
    maxMinutesAbove,
    progress: (share) => shares.push(share),
  })

it('finds the cheapest policy that keeps the level, and leaves other labels as they are', () => {
  expect(search(0)?.labels).toEqual({ a: '2', b: '7', c: '8' })
  expect(search(1)?.labels).toEqual({ a: '2', b: '5', c: '8' })
})

it('tells how far it is, and how many policies it has tried', () => {
  const shares: number[] = []
  const found = search(0, shares)
  expect(shares.at(-1)).toBe(1)
  expect(shares).toEqual(shares.toSorted((x, y) => x - y))
  expect(found?.tried).toBeGreaterThan(8)
})

it('finds nothing where every policy is invalid', () => {
  expect(
    searchPolicy({ start: {}, parameters, judge: () => undefined, maxMinutesAbove: 0, progress: () => {} }),
  ).toBeUndefined()
})
