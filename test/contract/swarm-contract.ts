import { type describe, expect, it } from 'vitest'
import type { Swarm } from '../../src/reconcile/ports.ts'
import { within } from '../support/testbed/wait.ts'

/** A Swarm to try, with services of random names that the suite makes itself. */
export interface SwarmUnderTest {
  readonly swarm: Swarm
  /** Makes a replicated service of so many replicas that has opted in, between 0 and 10. Answers its name and ID. */
  readonly create: (name: string, replicas: number) => Promise<{ name: string; id: string }>
  /** Changes the service as somebody else would, and leaves its replicas as they are. */
  readonly touch: (name: string) => Promise<void>
  /** A name that no other service has, beginning with `start`. */
  readonly freshName: (start: string) => string
}

/** What the loop relies on, whichever Swarm it is given. `block` is vitest's `describe`, or one that may skip. */
export function describeSwarm(
  label: string,
  block: typeof describe | ReturnType<typeof describe.skipIf>,
  connect: () => SwarmUnderTest,
): void {
  block(`a Swarm: ${label}`, () => {
    it('finds a service by its exact name, and by its exact ID', async () => {
      const { swarm, create, freshName } = connect()
      const { name, id } = await create(freshName('web'), 2)
      const byName = await swarm.find(name)
      expect(byName?.service).toMatchObject({ name, id, desiredReplicas: 2, mode: 'replicated', state: {} })
      expect(byName?.service.policy).toMatchObject({ kind: 'valid', policy: { min: 0, max: 10 } })
      expect((await swarm.find(id))?.service.name).toBe(name)
    })

    it('never takes the beginning of a name or an ID for the whole', async () => {
      const { swarm, create, freshName } = connect()
      const start = freshName('web')
      const { id } = await create(`${start}2`, 1)
      expect(await swarm.find(start)).toBeUndefined()
      expect(await swarm.find(id.slice(0, -1))).toBeUndefined()
      await create(start, 3)
      expect((await swarm.find(start))?.service).toMatchObject({ name: start, desiredReplicas: 3 })
    })

    it('finds nothing where there is nothing', async () => {
      const { swarm, freshName } = connect()
      expect(await swarm.find(freshName('ghost'))).toBeUndefined()
    })

    it('finds by ID what has exactly this ID, and nothing by its name', async () => {
      const { swarm, create, freshName } = connect()
      const { name, id } = await create(freshName('web'), 1)
      expect((await swarm.findById(id))?.service).toMatchObject({ name, id, desiredReplicas: 1 })
      expect(await swarm.findById(name)).toBeUndefined()
      expect(await swarm.findById(id.slice(0, -1))).toBeUndefined()
    })

    it('lists the services with autoscaler labels, which can be written as they were listed', async () => {
      const { swarm, create, freshName } = connect()
      const { name } = await create(freshName('listed'), 1)
      const found = (await swarm.list()).find(({ service }) => service.name === name)
      await found?.scale(2, { replicas: 2, lastUpMs: 1_768_478_400_123 })
      expect((await swarm.find(name))?.service.desiredReplicas).toBe(2)
    })

    it('names all that there is, by name and by ID', async () => {
      const { swarm, create, freshName } = connect()
      const { name, id } = await create(freshName('named'), 1)
      const references = await swarm.references()
      expect([references.has(name), references.has(id), references.has(freshName('ghost'))]).toEqual([
        true,
        true,
        false,
      ])
    })

    it('writes replicas and state together, and reads them back', async () => {
      const { swarm, create, freshName } = connect()
      const { name } = await create(freshName('web'), 1)
      const state = { lastUpMs: 1_768_478_400_123, lastDownMs: 1_768_478_400_000 }
      await (await swarm.find(name))?.scale(3, state)
      expect((await swarm.find(name))?.service).toMatchObject({ desiredReplicas: 3, state })
      await (await swarm.find(name))?.scale(0, state)
      expect((await swarm.find(name))?.service.desiredReplicas).toBe(0)
    })

    it('writes what a redeploy has reset as it writes everything else', async () => {
      const { swarm, create, freshName } = connect()
      const { name } = await create(freshName('web'), 1)
      const state = { lastUpMs: 1_768_478_400_123, replicas: 3 }
      await (await swarm.find(name))?.restore(3, state)
      expect((await swarm.find(name))?.service).toMatchObject({ desiredReplicas: 3, state })
    })

    it('tells what stood before the last update, and versions that grow', async () => {
      const { swarm, create, freshName } = connect()
      const { name } = await create(freshName('web'), 1)
      const first = await swarm.find(name)
      expect(first?.service.previous).toBeUndefined()
      await first?.scale(2, { lastUpMs: 1, replicas: 2 })
      const second = await swarm.find(name)
      expect(second?.service.previous).toEqual({ replicas: 1, state: {} })
      expect(second?.service.version).toBeGreaterThan(first?.service.version ?? 0)
      await second?.scale(3, { lastUpMs: 2, replicas: 3 })
      expect((await swarm.find(name))?.service.previous).toEqual({
        replicas: 2,
        state: { lastUpMs: 1, replicas: 2 },
      })
    })

    it('tells of what others change, until nobody listens any more', async () => {
      const { swarm, create, touch, freshName } = connect()
      const { name, id } = await create(freshName('web'), 1)
      const { promise: told, resolve } = Promise.withResolvers<void>()
      const { promise: connected, resolve: isConnected } = Promise.withResolvers<void>()
      let isTold = 0
      const stop = swarm.watch({
        connected: isConnected,
        changed: (changed) => {
          if (changed !== id) return
          isTold++
          resolve()
        },
        lost: () => {},
      })
      await within(() => connected, { for: 'the Swarm to be listened to', timeoutMs: 60_000 })
      await touch(name)
      await within(() => told, { for: 'the change to be told', timeoutMs: 60_000 })
      stop()
      const before = isTold
      await touch(name)
      await swarm.find(name)
      expect(isTold).toBe(before)
    })

    it('refuses to write what was read before somebody else changed it, and writes nothing then', async () => {
      const { swarm, create, touch, freshName } = connect()
      const { name } = await create(freshName('web'), 1)
      const stale = await swarm.find(name)
      await touch(name)
      await expect(stale?.scale(5, { lastUpMs: 1 })).rejects.toMatchObject({
        code: 'conflict',
      })
      expect((await swarm.find(name))?.service).toMatchObject({ desiredReplicas: 1, state: {} })
    })
  })
}
