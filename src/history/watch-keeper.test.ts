import { describe, expect, it } from 'vitest'
import { noon } from '../../test/support/fakes/builders.ts'
import type { Watch } from '../domain/replica-count.ts'
import { WatchKeeper } from './watch-keeper.ts'

/** The watches that are written of these looks, in ms after noon, one a second by rights; those below 0 see nothing. */
function watchesOf(...looks: readonly number[]): [number, number][] {
  const written: Watch[] = []
  const keeper = new WatchKeeper('a', 1_000, (watch) => written.push(watch))
  for (const afterMs of looks) keeper.saw(afterMs >= 0, noon + Math.abs(afterMs))
  return written.map(({ fromMs, untilMs }) => [fromMs - noon, untilMs - noon])
}

describe('a watch', () => {
  const rows: [string, number[], [number, number][]][] = [
    ['begins with the first look', [5], [[5, 5]]],
    [
      'is prolonged by each look',
      [0, 1_000, 2_000],
      [
        [0, 0],
        [0, 1_000],
        [0, 2_000],
      ],
    ],
    [
      'is prolonged by two looks at once',
      [0, 0],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      'goes on after three intervals',
      [0, 3_000],
      [
        [0, 0],
        [0, 3_000],
      ],
    ],
    [
      'begins anew after more than three',
      [0, 3_001, 4_000],
      [
        [0, 0],
        [3_001, 3_001],
        [3_001, 4_000],
      ],
    ],
    [
      'ends with the last look before Docker was away',
      [0, 1_000, -2_000, 3_000],
      [
        [0, 0],
        [0, 1_000],
        [3_000, 3_000],
      ],
    ],
    [
      'begins anew where the clock was set back',
      [5_000, 4_000],
      [
        [5_000, 5_000],
        [4_000, 4_000],
      ],
    ],
    ['does not begin while Docker is away', [-1, -2], []],
  ]
  it.each(rows)('%s', (_, looks, watches) => {
    expect(watchesOf(...looks)).toEqual(watches)
  })

  it('is told with the receiver that watches', () => {
    const written: Watch[] = []
    new WatchKeeper('a', 1_000, (watch) => written.push(watch)).saw(true, noon)
    expect(written).toEqual([{ receiver: 'a', fromMs: noon, untilMs: noon }])
  })
})

describe('a look', () => {
  it('says whether a watch begins with it', () => {
    const keeper = new WatchKeeper('a', 1_000, () => {})
    const looks: [boolean, number][] = [
      [true, 0],
      [true, 1_000],
      [false, 2_000],
      [true, 3_000],
      [true, 9_000],
    ]
    expect(looks.map(([wasSeen, afterMs]) => keeper.saw(wasSeen, noon + afterMs))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ])
  })
})
