import { expect, it } from 'vitest'
import { randomFrom } from '../../../src/simulator/load/random.ts'
import { timetable } from './timetable.ts'

const minuteMs = 60_000

it.each([
  ['four minutes', 4 * minuteMs],
  ['two hours', 120 * minuteMs],
])('a soak of %s has every fault twice, in order, within its time', (_, lastsMs) => {
  const due = timetable(lastsMs, randomFrom(1))
  expect(due).toEqual(due.toSorted((a, b) => a.afterMs - b.afterMs))
  expect(due.at(-1)?.afterMs).toBeLessThan(lastsMs)
  const counts = Map.groupBy(due, ({ kind }) => kind)
  for (const kind of [
    'engine',
    'alertmanager',
    'redeploy',
    'person',
    'conflict',
    'reload',
    'wrong-reload',
  ] as const)
    expect(counts.get(kind)?.length).toBeGreaterThan(1)
})

it('leaves one receiver alive for more than three quarters of the time', () => {
  const ends = timetable(100_000, randomFrom(1)).filter(({ kind }) => kind === 'kill' || kind === 'stop')
  const lives = ends.map(({ afterMs }, index) => afterMs - (ends[index - 1]?.afterMs ?? 0))
  expect(Math.max(...lives)).toBeGreaterThan(75_000)
  expect(ends.filter(({ kind }) => kind === 'kill')).toHaveLength(4)
})

it('is the same for the same seed, and another one for another', () => {
  expect(timetable(600_000, randomFrom(7))).toEqual(timetable(600_000, randomFrom(7)))
  expect(timetable(600_000, randomFrom(8))).not.toEqual(timetable(600_000, randomFrom(7)))
})
