import { describe, expect, it } from 'vitest'
import { aPolicy, aService, noon } from '../../test/support/fakes/builders.ts'
import type { ReplicaCount } from '../domain/replica-count.ts'
import type { Service } from '../domain/service.ts'
import { CountKeeper } from './count-keeper.ts'

function aKeeper() {
  const written: ReplicaCount[] = []
  const keeper = new CountKeeper((count) => written.push(count))
  /** What was written since this was asked last, in words: `ms after noon: desired/running`. */
  const counts = () =>
    written.splice(0).map(({ atMs, desired, running, isGone }) => {
      const what = isGone ? 'gone' : `${desired}/${running ?? '?'}`
      return `${atMs - noon}: ${what}`
    })
  return { keeper, written, counts }
}

const web = (
  desiredReplicas: number,
  runningReplicas: number | undefined = desiredReplicas,
  over = {},
): Service => aService({ desiredReplicas, runningReplicas, ...over } as Parameters<typeof aService>[0])

function uncounted(desiredReplicas: number): Service {
  const { runningReplicas: _, ...service } = web(desiredReplicas)
  return service
}

describe('a look', () => {
  it('counts a service with its price, and no more while it stays as it is', () => {
    const { keeper, written } = aKeeper()
    const priced = aService({ policy: aPolicy({ costPerHour: 0.5 }) })
    for (const afterMs of [0, 15_000, 30_000]) keeper.saw(priced, noon + afterMs)
    expect(written).toEqual([{ service: 'web', atMs: noon, desired: 4, running: 4, costPerHour: 0.5 }])
  })

  it('counts anew when running ones are other ones', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4, 3), noon)
    keeper.saw(web(4, 4), noon + 500)
    keeper.saw(uncounted(4), noon + 900)
    expect(counts()).toEqual(['0: 4/3', '500: 4/4', '900: 4/?'])
  })

  it('counts anew when the price is another one, or none', () => {
    const { keeper, written } = aKeeper()
    for (const [afterMs, over] of [
      [0, { costPerHour: 1 }],
      [5, { costPerHour: 2 }],
      [9, {}],
    ] as const)
      keeper.saw(aService({ policy: aPolicy(over) }), noon + afterMs)
    expect(written.map(({ costPerHour }) => costPerHour)).toEqual([1, 2, undefined])
  })

  it('has no price of a service whose labels are wrong, and counts it all the same', () => {
    const { keeper, written } = aKeeper()
    const fault = { key: 'autoscaler.max', message: 'is required' }
    keeper.saw({ ...web(4), policy: { kind: 'invalid', faults: [fault] } }, noon)
    expect(written).toEqual([{ service: 'web', atMs: noon, desired: 4, running: 4 }])
  })

  it.each([
    ['has not opted in', { ...web(4), policy: { kind: 'not_enabled' } } as const],
    ['has no number of replicas', { ...web(0), mode: 'global' } as const],
  ])('does not count a service that %s', (_, service) => {
    const { keeper, counts } = aKeeper()
    keeper.saw(service, noon)
    expect(counts()).toEqual([])
  })

  it('counts each service by itself', () => {
    const { keeper, written } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.saw(web(4, 4, { name: 'api' }), noon)
    expect(written.map(({ service }) => service)).toEqual(['web', 'api'])
  })
})

describe('what others changed', () => {
  const rows: [string, number, string[]][] = [
    ['counts from the time of their update', 5_000, ['5000: 6/4', '15000: 6/5']],
    ['counts from the last look where the update is said to be older', -9_000, ['0: 6/4', '15000: 6/5']],
    ['counts from this look where the update is said to come', 99_000, ['15000: 6/5']],
    ['counts from this look where the update is of this very time', 15_000, ['15000: 6/5']],
  ]
  it.each(rows)('%s', (_, updatedAfterMs, told) => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    counts()
    keeper.saw(web(6, 5, { updatedAtMs: noon + updatedAfterMs }), noon + 15_000)
    expect(counts()).toEqual(told)
  })

  it('counts from this look where Swarm does not tell when it was', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.saw(web(6, 5), noon + 15_000)
    expect(counts()).toEqual(['0: 4/4', '15000: 6/5'])
  })

  it('is not dated back by an update that left the replicas alone', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4, 3), noon)
    keeper.saw(web(4, 4, { updatedAtMs: noon + 5_000 }), noon + 15_000)
    expect(counts()).toEqual(['0: 4/3', '15000: 4/4'])
  })

  it('is not dated back at the first look', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4, 4, { updatedAtMs: noon - 5_000 }), noon)
    expect(counts()).toEqual(['0: 4/4'])
  })
})

describe('a change of the autoscaler', () => {
  it('counts from when it was applied, with the running replicas of the last look', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4, 3), noon)
    keeper.changed(uncounted(7), noon + 20)
    keeper.saw(web(7, 7), noon + 270)
    expect(counts()).toEqual(['0: 4/3', '20: 7/3', '270: 7/7'])
  })

  it('is not taken for one that somebody else made before', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.changed(uncounted(7), noon + 20)
    keeper.saw(web(7, 4, { updatedAtMs: noon + 15 }), noon + 270)
    expect(counts()).toEqual(['0: 4/4', '20: 7/4'])
  })

  it('is not dated back by an update from before the last look', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.changed({ ...uncounted(7), updatedAtMs: noon - 3_000 }, noon + 20)
    expect(counts()).toEqual(['0: 4/4', '20: 7/4'])
  })

  it('counts from the time of its update where its answer was lost', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.changed({ ...uncounted(7), updatedAtMs: noon + 20 }, noon + 6_000)
    expect(counts()).toEqual(['0: 4/4', '20: 7/4'])
  })

  it('counts from when it is known at the latest, also where the clock of Swarm is ahead', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.changed({ ...uncounted(7), updatedAtMs: noon + 90_000 }, noon + 20)
    expect(counts()).toEqual(['0: 4/4', '20: 7/4'])
  })
})

describe('a service that is gone', () => {
  it('is counted as gone once, and the others are not touched', () => {
    const { keeper, written } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.saw(web(4, 4, { name: 'api' }), noon)
    written.splice(0)
    keeper.gone('web', noon + 15_000)
    keeper.gone('web', noon + 30_000)
    expect(written).toEqual([{ service: 'web', atMs: noon + 15_000, desired: 0, isGone: true }])
  })

  it.each([
    ['has opted out', { policy: { kind: 'not_enabled' } }],
    ['has no number of replicas any more', { mode: 'global' }],
  ] as const)('is one that %s', (_, over) => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    for (const ms of [15_000, 30_000]) keeper.saw({ ...web(4), ...over }, noon + ms)
    expect(counts()).toEqual(['0: 4/4', '15000: gone'])
  })

  it('is counted again when it comes back, from then on', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.gone('web', noon + 15_000)
    keeper.saw(web(6, 6, { updatedAtMs: noon + 20_000 }), noon + 30_000)
    expect(counts()).toEqual(['0: 4/4', '15000: gone', '30000: 6/6'])
  })

  it('is nothing if it was never counted', () => {
    const { keeper, counts } = aKeeper()
    keeper.gone('web', noon)
    expect(counts()).toEqual([])
  })
})

describe('a watch that begins', () => {
  it('has every service counted once more, changed or not', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.beginWatch()
    keeper.saw(web(4), noon + 60_000)
    keeper.saw(web(4), noon + 75_000)
    expect(counts()).toEqual(['0: 4/4', '60000: 4/4'])
  })

  it('still dates back what others changed before it', () => {
    const { keeper, counts } = aKeeper()
    keeper.saw(web(4), noon)
    keeper.beginWatch()
    keeper.saw(web(6, 6, { updatedAtMs: noon + 30_000 }), noon + 60_000)
    expect(counts()).toEqual(['0: 4/4', '30000: 6/4', '60000: 6/6'])
  })
})
