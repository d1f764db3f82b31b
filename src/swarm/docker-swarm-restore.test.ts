import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { ScalingState } from '../domain/service.ts'
import { connectDocker } from './docker-client.ts'
import type { DockerSpec } from './docker-service.ts'
import { DockerSwarm } from './docker-swarm.ts'

const stamp = '2026-01-15T11:00:00.000Z'
const state: ScalingState = { lastUpMs: Date.parse(stamp), replicas: 6 }
const stateLabels = { 'autoscaler.state.last-up': stamp, 'autoscaler.state.replicas': '6' }
const marker = 'autoscaler.state.relaunch'

function aSpec(name: string, image: string, replicas: number, labels: Record<string, string> = {}) {
  return {
    Name: name,
    Labels: { 'autoscaler.enable': 'true', 'autoscaler.max': '10', ...labels },
    TaskTemplate: { ContainerSpec: { Image: image } },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: { Parallelism: 2 },
  }
}

interface EngineService {
  readonly ID: string
  Version: { Index: number }
  Spec: DockerSpec
  PreviousSpec?: DockerSpec
  UpdateStatus?: { State: string }
  ServiceStatus?: { RunningTasks: number; DesiredTasks: number }
}

interface WrittenUpdate {
  readonly query: Record<string, string>
  readonly spec: DockerSpec
  readonly status: number
}

/** `web` in the midst of the rollout of a redeploy that has reset 6 replicas to 1. */
function rollingOut(): EngineService {
  return {
    ID: 'id-of-web',
    Version: { Index: 10 },
    Spec: aSpec('web', 'web:2', 1),
    PreviousSpec: aSpec('web', 'web:1', 6, stateLabels),
    UpdateStatus: { State: 'updating' },
  }
}

/** An engine with versions and the spec before, as the real one has them. */
class FakeEngine {
  readonly updates: WrittenUpdate[] = []
  /** The filters that tasks were asked for by. */
  readonly tasksAsked: string[] = []
  /** Called before each update is looked at: what happens to the service just then. */
  beforeUpdate: (service: EngineService) => void = () => {}
  readonly services: readonly EngineService[]
  readonly tasks: readonly object[]

  constructor(services: readonly EngineService[], tasks: readonly object[] = []) {
    this.services = services
    this.tasks = tasks
  }

  async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine')
    const filters = JSON.parse(searchParams.get('filters') ?? '{}') as Record<string, string[]>
    const service = this.services.find(({ ID }) => pathname === `/services/${ID}/update`)
    if (service !== undefined) return this.#update(service, searchParams, await json(request))
    if (pathname === '/tasks') {
      this.tasksAsked.push(...(filters['service'] ?? []))
      return { status: 200, body: this.tasks }
    }
    const begins = (text: string, starts: readonly string[] | undefined) =>
      starts === undefined || starts.some((start) => text.startsWith(start))
    const listed = this.services.filter(
      ({ ID, Spec }) => begins(ID, filters['id']) && begins(Spec.Name, filters['name']),
    )
    return { status: 200, body: listed }
  }

  #update(service: EngineService, searchParams: URLSearchParams, spec: unknown) {
    this.beforeUpdate(service)
    const query = Object.fromEntries(searchParams)
    const isInSequence = query['version'] === String(service.Version.Index)
    const status = isInSequence ? 200 : 500
    this.updates.push({ query, spec: spec as DockerSpec, status })
    if (!isInSequence) {
      const message = 'rpc error: code = Unknown desc = update out of sequence'
      return { status, body: { message } }
    }
    service.Version = { Index: service.Version.Index + 1 }
    service.PreviousSpec = service.Spec
    service.Spec = spec as DockerSpec
    return { status, body: {} }
  }
}

async function aSwarm(engine: FakeEngine) {
  const server = createServer(async (request, response) => {
    const { status, body } = await engine.answer(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const docker = connectDocker({ host, tlsVerify: false })
  const swarm = new DockerSwarm({ docker, host, timeoutMs: 60_000, onCall: () => {} })
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { swarm, [Symbol.asyncDispose]: close }
}

const found = async (swarm: DockerSwarm) => {
  const service = await swarm.find('web')
  if (service === undefined) throw new Error('there is a service web')
  return service
}

/** The first of the two updates: what was there before, at this size, marked. */
const wentBack = (replicas: number) => ({
  ...aSpec('web', 'web:1', replicas, {
    ...stateLabels,
    'autoscaler.state.replicas': String(replicas),
    [marker]: expect.any(String) as unknown as string,
  }),
})

/** The second one: the redeployed spec, at this size, without the mark. */
const wentOn = (replicas: number) =>
  aSpec('web', 'web:2', replicas, { ...stateLabels, 'autoscaler.state.replicas': String(replicas) })

describe('restoring in the midst of an updating rollout', () => {
  it('goes back to the spec before and on to the redeployed one, at full size, with the credentials of each', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    await (await found(world.swarm)).restore(6, state)
    expect(engine.updates).toEqual([
      { query: { version: '10', registryAuthFrom: 'previous-spec' }, spec: wentBack(6), status: 200 },
      { query: { version: '11', registryAuthFrom: 'previous-spec' }, spec: wentOn(6), status: 200 },
    ])
  })

  it('is of the size that was asked for, whatever it was before', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    await (await found(world.swarm)).restore(4, { ...state, replicas: 4 })
    expect(engine.updates.map(({ spec }) => spec)).toEqual([wentBack(4), wentOn(4)])
  })

  it('tries the second update again where Swarm has moved the version', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    let moves = 3
    engine.beforeUpdate = (service) => {
      if (engine.updates.length > 0 && moves-- > 0) service.Version = { Index: service.Version.Index + 1 }
    }
    await (await found(world.swarm)).restore(6, state)
    expect(engine.updates.map(({ status }) => status)).toEqual([200, 500, 500, 500, 200])
    expect(engine.services[0]?.Spec).toEqual(wentOn(6))
  })

  it('gives up in the end, where Swarm moves the version for ever, and tells why', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    engine.beforeUpdate = (service) => {
      if (engine.updates.length > 0) service.Version = { Index: service.Version.Index + 1 }
    }
    await expect((await found(world.swarm)).restore(6, state)).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining('cannot be started again'),
    })
    expect(engine.updates.map(({ status }) => status)).toEqual([200, ...Array(20).fill(500)])
  })

  it('writes nothing where the service has changed since it was read', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    engine.beforeUpdate = (service) => {
      service.Version = { Index: service.Version.Index + 1 }
    }
    await expect((await found(world.swarm)).restore(6, state)).rejects.toMatchObject({ code: 'conflict' })
    expect(engine.updates.map(({ status }) => status)).toEqual([500])
    expect(engine.services[0]?.Spec).toEqual(rollingOut().Spec)
  })

  it('leaves the second update to whoever updates the service in between', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    const byOthers = aSpec('web', 'web:3', 2)
    engine.beforeUpdate = (service) => {
      if (engine.updates.length === 0) return
      service.Version = { Index: service.Version.Index + 1 }
      service.PreviousSpec = service.Spec
      service.Spec = byOthers
    }
    await (await found(world.swarm)).restore(6, state)
    expect(engine.updates.map(({ status }) => status)).toEqual([200, 500])
    expect(engine.services[0]?.Spec).toEqual(byOthers)
  })
})

describe('a plain restore', () => {
  const { UpdateStatus: _, ...quiet } = rollingOut()
  const { PreviousSpec: __, ...first } = rollingOut()
  const sameTasks = { ...rollingOut(), PreviousSpec: aSpec('web', 'web:2', 6, stateLabels) }
  const rows: [string, EngineService][] = [
    ['no rollout is under way', quiet],
    ['the rollout is completed', { ...rollingOut(), UpdateStatus: { State: 'completed' } }],
    ['the tasks are the same', sameTasks],
    ['there is no spec before', first],
    ['the spec before was never scaled', { ...rollingOut(), PreviousSpec: aSpec('web', 'web:1', 6) }],
  ]
  it.each(rows)('is one update, where %s', async (_, service) => {
    const engine = new FakeEngine([structuredClone(service)])
    await using world = await aSwarm(engine)
    await (await found(world.swarm)).restore(6, state)
    expect(engine.updates).toEqual([
      { query: { version: '10', registryAuthFrom: 'spec' }, spec: wentOn(6), status: 200 },
    ])
  })

  it('is no other than a plain scale, which never begins a rollout anew', async () => {
    const engine = new FakeEngine([rollingOut()])
    await using world = await aSwarm(engine)
    await (await found(world.swarm)).scale(6, state)
    expect(engine.updates).toEqual([
      { query: { version: '10', registryAuthFrom: 'spec' }, spec: wentOn(6), status: 200 },
    ])
  })
})

/** What a receiver has left that ended between the two updates. */
async function halfDone(): Promise<EngineService> {
  const engine = new FakeEngine([rollingOut()])
  await using world = await aSwarm(engine)
  const service = engine.services[0] as EngineService
  const before = await found(world.swarm)
  // The second update is kept from being made: for the first reading after the first update there is no such service.
  const answer = engine.answer.bind(engine)
  engine.answer = async (request) =>
    engine.updates.length === 0 ? answer(request) : { status: 200, body: [] }
  await before.restore(6, state)
  return service
}

describe('what another receiver has left half done', () => {
  it('is finished when the service is looked for, by name or by ID', async () => {
    for (const reference of ['web', 'id-of-web']) {
      const engine = new FakeEngine([await halfDone()])
      await using world = await aSwarm(engine)
      const service = (await world.swarm.find(reference))?.service
      expect(engine.updates).toEqual([
        { query: { version: '11', registryAuthFrom: 'previous-spec' }, spec: wentOn(6), status: 200 },
      ])
      expect(service).toMatchObject({ desiredReplicas: 6, state, version: 12 })
    }
  })

  it('is finished when the services are listed', async () => {
    const engine = new FakeEngine([await halfDone()])
    await using world = await aSwarm(engine)
    expect(await world.swarm.list()).toMatchObject([
      { service: { name: 'web', desiredReplicas: 6, version: 12 } },
    ])
    expect(engine.updates).toHaveLength(1)
  })

  it('is finished once, where two look for it at the same time', async () => {
    const engine = new FakeEngine([await halfDone()])
    await using one = await aSwarm(engine)
    await using other = await aSwarm(engine)
    const services = await Promise.all([one, other].map(async ({ swarm }) => (await found(swarm)).service))
    expect(engine.updates.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(services).toMatchObject([{ desiredReplicas: 6 }, { desiredReplicas: 6 }])
  })

  it('and was rolled back is left as it is', async () => {
    const { PreviousSpec: _, ...rolledBack } = await halfDone()
    const engine = new FakeEngine([{ ...rolledBack, UpdateStatus: { State: 'rollback_completed' } }])
    await using world = await aSwarm(engine)
    expect((await found(world.swarm)).service).toMatchObject({
      desiredReplicas: 6,
      rollout: 'rollback_completed',
    })
    expect(engine.updates).toEqual([])
  })
})

describe('listing', () => {
  const service = (name: string, RunningTasks: number, DesiredTasks: number): EngineService => ({
    ID: `id-of-${name}`,
    Version: { Index: 1 },
    Spec: aSpec(name, 'web:1', DesiredTasks),
    ServiceStatus: { RunningTasks, DesiredTasks },
  })
  const task = (serviceId: string, slot: number, State: string) => ({
    ServiceID: serviceId,
    Slot: slot,
    CreatedAt: stamp,
    DesiredState: 'running',
    Status: { State, Timestamp: stamp },
  })

  it('reads the tasks of those services alone of which some do not run', async () => {
    const { ServiceStatus: _, ...untold } = service('untold', 0, 2)
    const engine = new FakeEngine(
      [
        service('whole', 2, 2),
        service('lacking', 1, 2),
        service('draining', 3, 2),
        service('off', 0, 0),
        untold,
      ],
      [
        task('id-of-lacking', 1, 'running'),
        task('id-of-lacking', 2, 'starting'),
        task('id-of-whole', 3, 'starting'),
      ],
    )
    await using world = await aSwarm(engine)
    const services = (await world.swarm.list()).map(({ service }) => service)
    expect(engine.tasksAsked).toEqual(['id-of-lacking'])
    expect(services.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['whole', undefined],
      ['lacking', { running: 1, starting: 1, pending: 0, failing: 0 }],
      ['draining', undefined],
      ['off', undefined],
      ['untold', undefined],
    ])
    expect(services.map(({ runningReplicas }) => runningReplicas)).toEqual([2, 1, 2, 0, undefined])
  })

  it('keeps the order of the services, however many of them are looked at', async () => {
    const names = Array.from({ length: 25 }, (_, n) => `web-${n}`)
    const engine = new FakeEngine(names.map((name, n) => service(name, n % 3, 2)))
    await using world = await aSwarm(engine)
    expect((await world.swarm.list()).map(({ service }) => service.name)).toEqual(names)
  })

  const troubles: [string, () => Promise<EngineService>, RegExp, number][] = [
    ['cannot be finished: the engine refuses the update', halfDone, /\/services\/id-of-web\/update/, 400],
    ['cannot be read: its tasks are not told', async () => service('web', 1, 2), /\/tasks/, 500],
  ]
  it.each(troubles)('goes on past a service that %s', async (_, trouble, path, status) => {
    const engine = new FakeEngine([await trouble(), service('api', 2, 2)])
    await using world = await aSwarm(engine)
    const answer = engine.answer.bind(engine)
    let refused = 0
    engine.answer = async (request) => {
      if (!path.test(request.url ?? '')) return answer(request)
      refused++
      return { status, body: { message: 'not now' } }
    }
    expect((await world.swarm.list()).map(({ service }) => service.name)).toEqual(['web', 'api'])
    expect(refused).toBeGreaterThan(0)
    // By itself it tells why.
    await expect(world.swarm.find('web')).rejects.toThrow('not now')
  })

  it('leaves a service out of its tasks where it goes away meanwhile', async () => {
    const engine = new FakeEngine([service('lacking', 1, 2)])
    await using world = await aSwarm(engine)
    const answer = engine.answer.bind(engine)
    engine.answer = async (request) =>
      request.url?.includes('%22id%22') || request.url?.includes('/tasks')
        ? { status: 200, body: [] }
        : answer(request)
    expect(await world.swarm.list()).toMatchObject([{ service: { name: 'lacking', desiredReplicas: 2 } }])
  })
})
