import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import { EventIds, startOf } from './event-ids.ts'

const isSortedAndUnique = (ids: readonly string[]) =>
  ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ''))

describe('ids of events', () => {
  it('tell the time, the number within the millisecond, and the receiver', () => {
    const ids = new EventIds('0000abcd')
    expect(ids.next(0x019b_c186_de00)).toBe('019bc186de000000-0000abcd')
    expect(ids.next(0x019b_c186_de00)).toBe('019bc186de000001-0000abcd')
    expect(ids.next(0x019b_c186_de01)).toBe('019bc186de010000-0000abcd')
  })

  it('grow on while the clock is set back, and beyond it when it is right again', () => {
    const ids = new EventIds('00000001')
    const made = [noon, noon - 3_600_000, noon - 1, noon, noon + 1].map((ms) => ids.next(ms))
    expect(isSortedAndUnique(made)).toBe(true)
    expect(made.map((id) => id < startOf(noon + 1))).toEqual([true, true, true, true, false])
  })

  it('stay in order where a millisecond has more than 65,536 of them', () => {
    const ids = new EventIds('00000001')
    const made = Array.from({ length: 3 * 65_536 }, () => ids.next(noon))
    expect(isSortedAndUnique(made)).toBe(true)
    expect(made.at(-1)).toBe(`${startOf(noon + 2)}ffff-00000001`)
    expect(ids.next(noon + 3)).toBe(`${startOf(noon + 3)}0000-00000001`)
  })

  it('are unique and in order for any times, fractions of a millisecond among them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 50 }), (times) => {
        const ids = new EventIds('00000001')
        return isSortedAndUnique(times.map((ms) => ids.next(ms)))
      }),
    )
  })

  it('of two receivers differ, also where both name themselves', () => {
    expect(new EventIds().next(noon)).not.toBe(new EventIds().next(noon))
    expect(new EventIds().next(noon)).toMatch(/^[0-9a-f]{16}-[0-9a-f]{8}$/)
  })
})

describe('the start of a time', () => {
  it('is not above the ids of that time, and above those before', () => {
    const [before = '', at = ''] = [noon - 1, noon].map((ms) => new EventIds('ffffffff').next(ms))
    expect(startOf(noon) <= at).toBe(true)
    expect(startOf(noon) > before).toBe(true)
    expect(startOf(noon - 0.5)).toBe(startOf(noon))
  })

  it.each([
    [-1, '000000000000'],
    [Number.POSITIVE_INFINITY, 'ffffffffffff'],
    [8.64e15, 'ffffffffffff'],
  ])('keeps its length for %s', (ms, expected) => {
    expect(startOf(ms)).toBe(expected)
  })
})
