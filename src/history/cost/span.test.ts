import { describe, expect, it } from 'vitest'
import { meetings, type Span, unionOf } from './span.ts'

const span = (fromMs: number, untilMs: number): Span => ({ fromMs, untilMs })
const meet = (as: readonly Span[], bs: readonly Span[]) =>
  [...meetings(as, bs)].map(({ fromMs, untilMs }) => `${fromMs}-${untilMs}`).join(' ')

describe('the union of times', () => {
  const rows: [string, Span[], Span[]][] = [
    ['of none is none', [], []],
    ['joins those that touch', [span(0, 1), span(1, 2)], [span(0, 2)]],
    ['leaves apart those that do not', [span(0, 1), span(2, 3)], [span(0, 1), span(2, 3)]],
    ['takes in one within another', [span(0, 9), span(2, 3), span(4, 5)], [span(0, 9)]],
    ['sorts them', [span(5, 6), span(0, 2), span(1, 3)], [span(0, 3), span(5, 6)]],
    ['leaves out empty ones', [span(0, 0), span(3, 2), span(4, 5)], [span(4, 5)]],
  ]
  it.each(rows)('%s', (_, spans, union) => {
    expect(unionOf(spans)).toEqual(union)
  })
})

describe('where times meet', () => {
  const rows: [string, Span[], Span[], string][] = [
    ['nowhere where one side is empty', [], [span(0, 9)], ''],
    ['nowhere where they only touch', [span(0, 1)], [span(1, 2)], ''],
    ['in several of the other side', [span(0, 9)], [span(1, 2), span(4, 5)], '1-2 4-5'],
    ['in one of the other side', [span(1, 2), span(4, 5)], [span(0, 9)], '1-2 4-5'],
    ['each in its own', [span(0, 2), span(2, 4)], [span(0, 2), span(2, 4)], '0-2 2-4'],
    ['over the edge of two', [span(1, 3)], [span(0, 2), span(2, 4)], '1-2 2-3'],
    ['after some that meet nothing', [span(5, 6)], [span(0, 1), span(2, 3), span(5, 9)], '5-6'],
  ]
  it.each(rows)('is %s', (_, as, bs, met) => {
    expect(meet(as, bs)).toBe(met)
  })

  it('is found in as many steps as there are times, and not in their product', () => {
    const times = Array.from({ length: 1_000 }, (_, n) => span(n, n + 1))
    let reads = 0
    const counted = new Proxy(times, {
      get: (target, key) => {
        if (/^\d+$/.test(String(key))) reads++
        return Reflect.get(target, key)
      },
    })
    expect([...meetings(times, counted)]).toHaveLength(1_000)
    expect(reads).toBeLessThan(3_000)
  })
})
