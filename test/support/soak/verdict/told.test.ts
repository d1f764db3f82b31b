import { expect, it } from 'vitest'
import type { ReplicaChange } from '../docker-changes.ts'
import { holesIn, match, type ToldChange } from './told.ts'

/** Changes a second apart, each from the number before. */
const path = (...numbers: readonly number[]): readonly ReplicaChange[] =>
  numbers
    .slice(1)
    .map((to, index) => ({ service: 'web', from: numbers[index] ?? 0, to, atMs: index * 1_000 }))

const told = (changes: readonly ReplicaChange[]): readonly ToldChange[] =>
  changes.map((change) => ({ ...change, by: 'autoscaler' }))

const without = <T>(list: readonly T[], index: number): readonly T[] => list.toSpliced(index, 1)
const doubled = <T>(list: readonly T[], index: number): readonly T[] =>
  list.toSpliced(index, 0, ...list.slice(index, index + 1))

it('a history in which each change goes on from the one before has no hole', () => {
  expect(holesIn(told(path(1, 4, 2, 3, 1)))).toEqual([])
  expect(holesIn([])).toEqual([])
})

it('a change that is missing leaves a hole, and so does one that is told twice', () => {
  const changes = told(path(1, 4, 2, 3, 1))
  expect(holesIn(without(changes, 1))).toEqual([{ before: changes[0], after: changes[2] }])
  expect(holesIn(doubled(changes, 1))).toEqual([{ before: changes[1], after: changes[1] }])
})

const many = path(1, 2, 1, 2, 3, 2, 1, 2, 1, 4, 1, 2)

it('what the history and the engine both tell has no remainder', () => {
  expect(match(many, many)).toEqual({ onlyTold: [], onlyMade: [] })
})

it('a change that somebody else made is told by the engine alone', () => {
  expect(match(without(many, 4), many)).toEqual({ onlyTold: [], onlyMade: [many[4]] })
})

it.each(many.map((_, index) => index))(
  'change %d, where the history misses or doubles it, is found',
  (index) => {
    expect(match(without(many, index), many).onlyMade).toHaveLength(1)
    expect(match(doubled(many, index), many).onlyTold).toHaveLength(1)
    expect(match(doubled(many, index), many).onlyMade).toHaveLength(0)
  },
)

it('another number, another order or another time is another change', () => {
  const [first, second, ...rest] = path(1, 2, 3, 4)
  if (first === undefined || second === undefined) throw new Error('there are three')
  expect(match([{ ...first, to: 5 }, second, ...rest], [first, second, ...rest])).toEqual({
    onlyTold: [{ ...first, to: 5 }],
    onlyMade: [first],
  })
  expect(match([second, first, ...rest], [first, second, ...rest]).onlyTold).toHaveLength(1)
  expect(match([{ ...first, atMs: 60_000 }], [first])).toEqual({
    onlyTold: [{ ...first, atMs: 60_000 }],
    onlyMade: [first],
  })
})
