import { beforeEach, describe, expect, it } from 'vitest'
import { OwnChanges } from './own-changes.ts'

let own: OwnChanges
beforeEach(() => {
  own = new OwnChanges()
})

const expected = (id: string, times: number) => Array.from({ length: times }, () => own.isExpected(id))

describe('the report of an own change', () => {
  it('is expected once', () => {
    own.begin('a', 1)
    expect(expected('a', 2)).toEqual([true, false])
  })

  it('is expected once for each of several', () => {
    own.begin('a', 1)
    own.begin('a', 2)
    expect(expected('a', 3)).toEqual([true, true, false])
  })

  it('is not expected of another service', () => {
    own.begin('a', 1)
    expect(expected('b', 1)).toEqual([false])
    expect(expected('a', 1)).toEqual([true])
  })

  it.each<[string, () => void, boolean, boolean]>([
    ['once it is forgotten', () => own.forget('a'), false, true],
    ['once all are', () => own.clear(), false, false],
    ['if all of it began before a reading', () => own.forgetBefore(3), false, true],
    ['unless some of it began at the time of the reading', () => own.forgetBefore(2), true, true],
  ])('is not expected any more %s', (_, happen, ofA, ofB) => {
    own.begin('a', 1)
    own.begin('a', 2)
    own.begin('b', 3)
    happen()
    expect([own.isExpected('a'), own.isExpected('b')]).toEqual([ofA, ofB])
  })
})
