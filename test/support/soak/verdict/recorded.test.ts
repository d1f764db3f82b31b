import { expect, it } from 'vitest'
import type { ReplicaChange } from '../docker-changes.ts'
import { holesIn, match, type RecordedChange } from './recorded.ts'

/** Changes a second apart, each from the number before. */
const path = (...numbers: readonly number[]): readonly ReplicaChange[] =>
  numbers
    .slice(1)
    .map((to, index) => ({ service: 'web', from: numbers[index] ?? 0, to, atMs: index * 1_000 }))

const recorded = (changes: readonly ReplicaChange[]): readonly RecordedChange[] =>
  changes.map((change) => ({ ...change, by: 'autoscaler' }))

const without = <T>(list: readonly T[], index: number): readonly T[] => list.toSpliced(index, 1)
const doubled = <T>(list: readonly T[], index: number): readonly T[] =>
  list.toSpliced(index, 0, ...list.slice(index, index + 1))

it('a history in which each change goes on from the one before has no hole', () => {
  expect(holesIn(recorded(path(1, 4, 2, 3, 1)))).toEqual([])
  expect(holesIn([])).toEqual([])
})

it('a change that is missing leaves a hole, and so does one that is recorded twice', () => {
  const changes = recorded(path(1, 4, 2, 3, 1))
  expect(holesIn(without(changes, 1))).toEqual([{ before: changes[0], after: changes[2] }])
  expect(holesIn(doubled(changes, 1))).toEqual([{ before: changes[1], after: changes[1] }])
})

const many = path(1, 2, 1, 2, 3, 2, 1, 2, 1, 4, 1, 2)

it('what the history and the engine both have leaves no remainder', () => {
  expect(match(many, many)).toEqual({ onlyRecorded: [], onlyMade: [] })
})

it("an external change is only in the engine's events", () => {
  expect(match(without(many, 4), many)).toEqual({ onlyRecorded: [], onlyMade: [many[4]] })
})

it.each(many.map((_, index) => index))(
  'change %d, where the history misses or doubles it, is found',
  (index) => {
    expect(match(without(many, index), many).onlyMade).toHaveLength(1)
    expect(match(doubled(many, index), many).onlyRecorded).toHaveLength(1)
    expect(match(doubled(many, index), many).onlyMade).toHaveLength(0)
  },
)

it('another number, another order or another time is another change', () => {
  const [first, second, ...rest] = path(1, 2, 3, 4)
  if (first === undefined || second === undefined) throw new Error('there are three')
  expect(match([{ ...first, to: 5 }, second, ...rest], [first, second, ...rest])).toEqual({
    onlyRecorded: [{ ...first, to: 5 }],
    onlyMade: [first],
  })
  expect(match([second, first, ...rest], [first, second, ...rest]).onlyRecorded).toHaveLength(1)
  expect(match([{ ...first, atMs: 60_000 }], [first])).toEqual({
    onlyRecorded: [{ ...first, atMs: 60_000 }],
    onlyMade: [first],
  })
})
