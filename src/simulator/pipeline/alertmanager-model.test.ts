import { describe, expect, it } from 'vitest'
import { AlertGroup, type Post } from './alertmanager-model.ts'

/** Posts of a group that hears `value` each 5 s, from second 0 until `until`. */
function posts(
  timing: ConstructorParameters<typeof AlertGroup>[0],
  value: (second: number) => number | undefined,
  until: number,
): readonly (Post & { at: number })[] {
  const group = new AlertGroup(timing)
  const all: (Post & { at: number })[] = []
  for (let second = 0; second < until; second += 1) {
    if (second % 5 === 0) group.update(value(second), second)
    if (group.nextTickAt !== second) continue
    const post = group.tick(second)
    if (post !== undefined) all.push({ at: second, ...post })
  }
  return all
}

const up = { groupWait: 0, groupInterval: 5, repeatInterval: 4 }
const down = { groupWait: 0, groupInterval: 30, repeatInterval: 25 }

describe('a group of Alertmanager', () => {
  it('posts at once, and the newest number with each tick', () => {
    expect(posts(up, (second) => 3 + second, 12)).toEqual([
      { at: 0, kind: 'firing', replicas: 3, startsAt: 0 },
      { at: 5, kind: 'firing', replicas: 8, startsAt: 0 },
      { at: 10, kind: 'firing', replicas: 13, startsAt: 0 },
    ])
  })

  it('posts with every second tick where the repeat interval is as long as the ticks', () => {
    const ticks = posts({ ...up, repeatInterval: 5 }, () => 3, 22).map(({ at }) => at)
    expect(ticks).toEqual([0, 10, 20])
  })

  it('posts the end of an alert with the next tick, once', () => {
    expect(posts(down, (second) => (second < 40 ? 3 : undefined), 200)).toEqual([
      { at: 0, kind: 'firing', replicas: 3, startsAt: 0 },
      { at: 30, kind: 'firing', replicas: 3, startsAt: 0 },
      { at: 60, kind: 'resolved', endedAt: 40 },
    ])
  })

  it('says nothing of an alert that has come and gone between two ticks', () => {
    const slow = { groupWait: 30, groupInterval: 300, repeatInterval: 14_400 }
    expect(posts(slow, (second) => (second < 20 ? 3 : undefined), 400)).toEqual([])
  })

  it('has an alert that comes back wait for the tick while the group is still there', () => {
    const value = (second: number) => (second < 10 || second >= 40 ? 3 : undefined)
    expect(posts(down, value, 70)).toEqual([
      { at: 0, kind: 'firing', replicas: 3, startsAt: 0 },
      { at: 30, kind: 'resolved', endedAt: 10 },
      { at: 60, kind: 'firing', replicas: 3, startsAt: 40 },
    ])
  })

  it('posts an alert at once again when the empty group was swept away', () => {
    const value = (second: number) => (second < 10 || second >= 95 ? 3 : undefined)
    expect(posts(down, value, 100).at(-1)).toEqual({ at: 95, kind: 'firing', replicas: 3, startsAt: 95 })
  })
})
