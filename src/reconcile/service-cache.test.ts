import { describe, expect, it } from 'vitest'
import { aService } from '../../test/support/fakes/builders.ts'
import { FakeSwarm } from '../../test/support/fakes/fake-swarm.ts'
import { ServiceCache } from './service-cache.ts'
import { SwarmError } from './swarm-error.ts'

const listener = { connected: () => {}, changed: () => {}, lost: () => {} }

/** A Swarm that tells of changes, and has been read. */
async function aCache() {
  const swarm = new FakeSwarm(aService(), aService({ id: 'id-of-api', name: 'api' }))
  const cache = new ServiceCache(swarm)
  cache.watch(listener)
  swarm.listener?.connected()
  await cache.list()
  return { swarm, cache }
}

type World = Awaited<ReturnType<typeof aCache>>

/** What ends a reading of `web`, and whether that of `api` ends with it. */
const ends: readonly [string, (world: World) => unknown, 'alone' | 'both'][] = [
  ['Swarm tells of a change of the service', ({ swarm }) => swarm.listener?.changed('id-of-web'), 'alone'],
  [
    'the autoscaler restores it in the midst of a rollout, which takes several updates',
    async ({ swarm, cache }) => {
      swarm.update('web', { rollout: 'updating' })
      await (await cache.find('web'))?.restore(5, {})
    },
    'alone',
  ],
  [
    'a write of it fails: it may have been applied',
    async ({ swarm, cache }) => {
      swarm.beforeUpdate = () => {
        throw new SwarmError('timeout', 'no answer')
      }
      const found = await cache.find('web')
      await found?.scale(5, {}).catch(() => {})
    },
    'alone',
  ],
  [
    'it is found to be gone',
    async ({ swarm, cache }) => {
      swarm.remove('web')
      await cache.find('id-of-web')
    },
    'alone',
  ],
  [
    'Swarm stops telling of changes',
    ({ swarm }) => swarm.listener?.lost(new SwarmError('unreachable', '')),
    'both',
  ],
  ['Swarm tells of changes anew', ({ swarm }) => swarm.listener?.connected(), 'both'],
  ['the policies are read anew', ({ cache }) => cache.invalidate(), 'both'],
  [
    'the services cannot be read',
    async ({ swarm, cache }) => {
      swarm.unreadable = new SwarmError('unreachable', '')
      await cache.list().catch(() => {})
    },
    'both',
  ],
]

describe('a reading', () => {
  it('holds while Swarm tells of no change', async () => {
    const { cache } = await aCache()
    expect(cache.of('web')).toMatchObject({ name: 'web', desiredReplicas: 4 })
    expect(cache.of('we')).toBeUndefined()
  })

  it('does not hold before Swarm tells of changes', async () => {
    const cache = new ServiceCache(new FakeSwarm(aService()))
    await cache.list()
    expect(cache.of('web')).toBeUndefined()
  })

  it.each(ends)('ends when %s', async (_, end, whose) => {
    const world = await aCache()
    await end(world)
    expect(world.cache.of('web')).toBeUndefined()
    expect(world.cache.of('api') === undefined).toBe(whose === 'both')
  })

  it('that was begun before a change does not hold, although it ended after', async () => {
    const { swarm, cache } = await aCache()
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    const reading = cache.find('web')
    swarm.listener?.changed('id-of-web')
    gate.resolve()
    await reading
    expect(cache.of('web')).toBeUndefined()
    await cache.find('web')
    expect(cache.of('web')).toBeDefined()
  })

  it('that was begun earlier does not take the place of a later one', async () => {
    const { swarm, cache } = await aCache()
    const gate = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => gate.promise
    const early = cache.list()
    swarm.beforeAnswer = async () => {}
    swarm.put(aService({ desiredReplicas: 9 }))
    await cache.find('web')
    gate.resolve()
    await early
    expect(cache.of('web')?.desiredReplicas).toBe(9)
  })

  it('is not kept of a service that is no longer listed', async () => {
    const { swarm, cache } = await aCache()
    swarm.remove('web')
    await cache.list()
    expect([cache.of('web'), cache.nameOf('web'), cache.nameOf('id-of-web')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('what the autoscaler itself has written', () => {
  const scaled = async (told: number) => {
    const { swarm, cache } = await aCache()
    const changes: string[] = []
    cache.watch({ ...listener, changed: (id) => changes.push(id) })
    swarm.listener?.connected()
    const found = await cache.find('web')
    const event = () => swarm.listener?.changed('id-of-web')
    swarm.afterUpdate = () => {
      for (let n = 0; n < told; n++) event()
    }
    await found?.scale(7, { lastUpMs: 1, replicas: 7 })
    return { swarm, cache, changes, event }
  }

  it.each([
    ['before its answer', 1, 0],
    ['after its answer', 0, 1],
  ])(
    'is known without another reading, and the event that reports it %s is nothing new',
    async (_, early, late) => {
      const { cache, changes, event } = await scaled(early)
      for (let n = 0; n < late; n++) event()
      expect(changes).toEqual([])
      expect(cache.of('web')).toMatchObject({
        desiredReplicas: 7,
        state: { lastUpMs: 1, replicas: 7 },
        previous: { replicas: 4, state: {} },
        version: 2,
      })
    },
  )

  it.each([
    ['before its answer', 2, 0],
    ['after its answer', 1, 1],
  ])('is not known where another event, told %s, is of somebody else', async (_, early, late) => {
    const { cache, changes, event } = await scaled(early)
    for (let n = 0; n < late; n++) event()
    expect(changes).toEqual(['id-of-web'])
    expect(cache.of('web')).toBeUndefined()
  })

  it('is not waited for where Swarm tells of it never: the next reading of all shows it', async () => {
    const { cache, changes, event } = await scaled(0)
    await cache.list()
    event()
    expect(changes).toEqual(['id-of-web'])
  })

  it('says nothing of its tasks', async () => {
    const { cache } = await scaled(1)
    expect(cache.of('web')).not.toHaveProperty('runningReplicas')
    expect(cache.of('web')).not.toHaveProperty('tasks')
  })
})

describe('a name', () => {
  it('is found by name and by ID, and of a service made anew by the new ID only', async () => {
    const { swarm, cache } = await aCache()
    swarm.put(aService({ id: 'another' }))
    await cache.list()
    expect(['web', 'another', 'id-of-web'].map((one) => cache.nameOf(one))).toEqual(['web', 'web', undefined])
  })

  it('that nobody has costs one call, however many there are, until something changes', async () => {
    const { swarm, cache } = await aCache()
    const madeUp = Array.from({ length: 1_000 }, (_, n) => `nobody-${n}`)
    expect(new Set(await Promise.all(madeUp.map((name) => cache.has(name))))).toEqual(new Set([false]))
    // The second call is for those that asked while the first was under way.
    expect(swarm.referencesRead).toBeLessThanOrEqual(2)
    const before = swarm.referencesRead
    expect(await cache.has('nobody-1')).toBe(false)
    expect(await cache.has('api')).toBe(true)
    expect(swarm.referencesRead).toBe(before)
    swarm.put(aService({ id: 'new', name: 'nobody-1' }))
    swarm.listener?.changed('new')
    expect(await cache.has('nobody-1')).toBe(true)
    expect(swarm.finds).toBe(0)
  })

  it('that is new is found after the next reading of all, though no event told of it', async () => {
    const { swarm, cache } = await aCache()
    expect(await cache.has('lost')).toBe(false)
    swarm.put(aService({ id: 'id-of-lost', name: 'lost' }))
    expect(await cache.has('lost')).toBe(false)
    await cache.list()
    expect(await cache.has('lost')).toBe(true)
  })

  it('is looked up each time where Swarm does not tell of changes', async () => {
    const swarm = new FakeSwarm()
    const cache = new ServiceCache(swarm)
    expect(await cache.has('web')).toBe(false)
    swarm.put(aService())
    expect(await cache.has('web')).toBe(true)
  })
})
