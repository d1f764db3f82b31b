import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDocker } from '../../src/swarm/docker-client.ts'
import { DockerSwarm } from '../../src/swarm/docker-swarm.ts'
import { EngineServer } from '../support/fake-engine/engine-server.ts'
import { FakeEngine } from '../support/fake-engine/fake-engine.ts'
import { eventually } from '../support/testbed/wait.ts'
import { describeSwarm } from './swarm-contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'fake-engine-'))
const socket = join(folder, 'docker.sock')
const host = `unix://${socket}`
const engine = new FakeEngine()
const server = new EngineServer(engine)
const docker = connectDocker({ host, tlsVerify: false })
const swarm = new DockerSwarm({ docker, host, timeoutMs: 60_000, onCall: () => {} })
const labels = { 'autoscaler.enable': 'true', 'autoscaler.min': '0', 'autoscaler.max': '10' }

let made = 0
const freshName = (start: string) => `${start}-${++made}`
const add = (name: string, replicas: number) => engine.add({ name, replicas, labels })

beforeAll(() => server.listen(socket))
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describeSwarm('the client of the real one on a fake engine', describe, () => ({
  swarm,
  create: async (name, replicas) => ({ name, id: add(name, replicas) }),
  freshName,
  touch: async (name) => {
    const service = await docker.getService(name).inspect()
    const Labels = { ...service.Spec.Labels, touched: 'yes' }
    await docker.getService(name).update({ version: service.Version.Index, ...service.Spec, Labels })
  },
}))

describe('the fake engine', () => {
  it('answers as a Swarm manager', async () => {
    await expect(swarm.check()).resolves.toBeUndefined()
  })

  it('has the tasks of a service run as soon as they are wanted', async () => {
    const name = freshName('web')
    add(name, 2)
    await (await swarm.find(name))?.scale(3, {})
    expect((await swarm.find(name))?.service.tasks).toMatchObject({ running: 3, starting: 0, pending: 0 })
    expect((await swarm.find(name))?.service.runningReplicas).toBe(3)
    expect((await swarm.list()).find(({ service }) => service.name === name)?.service.runningReplicas).toBe(3)
    expect(engine.replicas().get(name)).toBe(3)
  })

  it('counts the calls since it was asked last, by operation', async () => {
    const name = freshName('web')
    add(name, 1)
    server.takeCalls()
    await (await swarm.find(name))?.scale(2, {})
    expect(server.takeCalls()).toEqual({ service_list: 1, task_list: 1, service_update: 1 })
    expect(server.takeCalls()).toEqual({})
  })

  it('answers nothing while it hangs, and what was asked meanwhile afterwards', async () => {
    const name = freshName('web')
    add(name, 1)
    const answerAgain = server.hang()
    server.takeCalls()
    let isAnswered = false
    const found = swarm.find(name).finally(() => {
      isAnswered = true
    })
    await eventually(() => expect(server.takeCalls()).toMatchObject({ service_list: 1 }))
    expect(isAnswered).toBe(false)
    answerAgain()
    expect((await found)?.service.name).toBe(name)
  })
})

describe('the client of an engine that is slow', () => {
  it('sends an update although very many readings wait for their turn', async () => {
    const name = freshName('web')
    add(name, 1)
    const found = await swarm.find(name)
    server.takeCalls()
    const answerAgain = server.hang()
    const readings = Array.from({ length: 200 }, () => swarm.find(name))
    const scaled = found?.scale(2, {})
    let seen: Partial<Record<string, number>> = {}
    await eventually(() => {
      for (const [operation, count] of Object.entries(server.takeCalls())) {
        seen = { ...seen, [operation]: (seen[operation] ?? 0) + count }
      }
      expect(seen).toMatchObject({ service_update: 1 })
    })
    expect((seen['service_list'] ?? 0) + (seen['task_list'] ?? 0)).toBeLessThanOrEqual(48)
    answerAgain()
    await Promise.all([scaled, ...readings])
    expect(engine.replicas().get(name)).toBe(2)
  })
})
