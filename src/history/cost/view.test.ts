import { describe, expect, it } from 'vitest'
import { type View, viewsOf } from './view.ts'

const window = { fromMs: 100, untilMs: 200 }
const seen = (fromMs: number, untilMs: number): View => ({ fromMs, untilMs })
const unseen = (fromMs: number, untilMs: number): View => ({ fromMs, untilMs, gap: 'not_watched' })
const notYet = (fromMs: number, untilMs: number): View => ({ fromMs, untilMs, gap: 'not_yet' })

describe('what was seen of the time from 100 to 200, at 1,000', () => {
  const rows: [string, View[], View[]][] = [
    ['nothing without a watch', [], [unseen(100, 200)]],
    ['all of it, in a watch that is longer', [seen(0, 300)], [seen(100, 200)]],
    ['nothing, in a watch that ends as it begins', [seen(0, 100)], [unseen(100, 200)]],
    ['nothing, in a watch that begins as it ends', [seen(200, 300)], [unseen(100, 200)]],
    ['nothing, in a watch of a single look', [seen(150, 150)], [unseen(100, 200)]],
    ['its beginning', [seen(0, 101)], [seen(100, 101), unseen(101, 200)]],
    ['its end', [seen(199, 300)], [unseen(100, 199), seen(199, 200)]],
    ['all but an outage', [seen(0, 140), seen(160, 300)], [seen(100, 140), unseen(140, 160), seen(160, 200)]],
    ['what two receivers saw together, once', [seen(0, 150), seen(120, 300)], [seen(100, 200)]],
    ['what one saw after the other', [seen(0, 150), seen(150, 300)], [seen(100, 200)]],
    ['what the longer of two saw', [seen(0, 180), seen(110, 120)], [seen(100, 180), unseen(180, 200)]],
    [
      'the same in whatever order',
      [seen(170, 300), seen(0, 110)],
      [seen(100, 110), unseen(110, 170), seen(170, 200)],
    ],
  ]
  it.each(rows)('is %s', (_, watches, views) => {
    expect(viewsOf(window, watches, 1_000, 0)).toEqual(views)
  })
})

describe('what was seen of the time from 100 to 200, with a patience of 30', () => {
  const rows: [string, number, View[], View[]][] = [
    ['before it begins', 50, [seen(0, 40)], [notYet(100, 200)]],
    ['within it, at the very look', 150, [seen(0, 150)], [seen(100, 150), notYet(150, 200)]],
    ['within it, 30 after the last look', 150, [seen(0, 120)], [seen(100, 120), notYet(120, 200)]],
    [
      'within it, 31 after the last look',
      150,
      [seen(0, 119)],
      [seen(100, 119), unseen(119, 150), notYet(150, 200)],
    ],
    ['within it, with no watch at all', 150, [], [unseen(100, 150), notYet(150, 200)]],
    ['after it, 30 after the last look', 210, [seen(0, 180)], [seen(100, 180), notYet(180, 200)]],
    ['after it, 31 after the last look', 211, [seen(0, 180)], [seen(100, 180), unseen(180, 200)]],
    [
      'within it, by a receiver whose clock is ahead',
      150,
      [seen(0, 170)],
      [seen(100, 150), notYet(150, 200)],
    ],
    [
      'within it, by a receiver that has looked once, after another one had left',
      150,
      [seen(0, 110), seen(140, 140)],
      [seen(100, 110), unseen(110, 140), notYet(140, 200)],
    ],
    [
      'within it, by a receiver that begins in the future',
      150,
      [seen(0, 110), seen(160, 170)],
      [seen(100, 110), unseen(110, 150), notYet(150, 200)],
    ],
  ]
  it.each(rows)('%s', (_, nowMs, watches, views) => {
    expect(viewsOf(window, watches, nowMs, 30)).toEqual(views)
  })
})
