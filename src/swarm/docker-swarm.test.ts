import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { waitFor } from '../../test/support/testbed/wait.ts'
import type { Allowlist } from '../domain/allowlist.ts'
import type { FileLabels } from '../policy/file-labels.ts'
import { connectDocker } from './docker-client.ts'
import { DockerSwarm } from './docker-swarm.ts'

const rawService = {
  ID: 'id',
  Version: { Index: 1 },
  Spec: { Name: 'web', Mode: { Replicated: { Replicas: 1 } } },
}

interface SwarmOptions {
  readonly fileLabels?: FileLabels
  readonly only?: Allowlist
  /** Default: none that a test could run into. */
  readonly timeoutMs?: number
  readonly onDuration?: (ms: number) => void
}

/** A Swarm behind an engine that answers as the test says. */
async function aSwarm(
  answer: (response: ServerResponse, method: string, url: string) => void,
  { fileLabels, only, timeoutMs = 60_000, onDuration = () => {} }: SwarmOptions = {},
) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    answer(response, request.method ?? '', request.url ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const calls: string[] = []
  const swarm = new DockerSwarm({
    docker: connectDocker({ host, tlsVerify: false }),
    host,
    timeoutMs,
    onCall: (operation, outcome, durationMs) => {
      calls.push(`${operation} ${outcome}`)
      onDuration(durationMs)
    },
    ...(only === undefined ? {} : { only }),
    ...(fileLabels === undefined ? {} : { fileLabels }),
  })
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { swarm, calls, [Symbol.asyncDispose]: close }
}

const misbehaviours: [string, (response: ServerResponse) => void][] = [
  ['never answers', () => {}],
  ['stops in the middle of an answer', (response) => void response.write('[{"ID":')],
  [
    'breaks the connection in the middle of an answer',
    (response) => {
      response.write('[{"ID":')
      setTimeout(() => response.destroy(), 20)
    },
  ],
]

describe('an engine that', () => {
  it.each(misbehaviours)('%s is given up in time, when read', async (_, misbehave) => {
    await using engine = await aSwarm(misbehave, { timeoutMs: 200 })
    await expect(engine.swarm.list()).rejects.toMatchObject({ code: 'timeout' })
    await expect(engine.swarm.find('web')).rejects.toMatchObject({ code: 'timeout' })
    expect(engine.calls).toEqual(['service_list timeout', 'service_list timeout'])
  })

  it.each(misbehaviours)(
    '%s is given up in time, when written to, the outcome unknown',
    async (_, misbehave) => {
      const answer = (response: ServerResponse, method: string) => {
        if (method === 'GET') response.end(JSON.stringify([rawService]))
        else misbehave(response)
      }
      await using engine = await aSwarm(answer, { timeoutMs: 200 })
      // On a busy machine what it does answer may come too late.
      const found = await waitFor(() => engine.swarm.find('web'), { for: 'the service', timeoutMs: 30_000 })
      await expect(found.scale(2, {})).rejects.toMatchObject({ code: 'timeout', outcomeUnknown: true })
    },
  )

  it('answers something else than a list is told as such', async () => {
    await using engine = await aSwarm((response) => response.end('{"hello":"world"}'))
    await expect(engine.swarm.list()).rejects.toMatchObject({
      code: 'engine',
      message: /is this the Docker API/,
    })
  })

  it.each([
    [{ Swarm: { ControlAvailable: true } }, undefined],
    [{ Swarm: { ControlAvailable: false } }, 'not_manager'],
    [{}, 'not_manager'],
  ])('says %j of itself is checked', async (info, code) => {
    await using engine = await aSwarm((response) => response.end(JSON.stringify(info)))
    const outcome = await engine.swarm.check().then(
      () => undefined,
      (error) => error.code,
    )
    expect(outcome).toBe(code)
  })
})

describe('a name that Swarm cannot have', () => {
  it.each(['', '../nodes', 'a b', 'a/b', '-a', 'a\0', 'a\n', '{"id":[""]}', 'é', 'x'.repeat(256)])(
    '%j is asked for nowhere',
    async (name) => {
      await using engine = await aSwarm((response) => response.end(JSON.stringify([rawService])))
      expect(await engine.swarm.find(name)).toBeUndefined()
      expect(engine.calls).toEqual([])
    },
  )
})

describe('the tasks of services', () => {
  it('are counted by the engine where all are listed, and nowhere else', async () => {
    const asked: (string | null)[] = []
    await using engine = await aSwarm((response, _, url) => {
      const { pathname, searchParams } = new URL(url, 'http://engine')
      if (pathname === '/services') asked.push(searchParams.get('status'))
      response.end(JSON.stringify(pathname === '/services' ? [rawService] : []))
    })
    await engine.swarm.list()
    await engine.swarm.find('web')
    await engine.swarm.references()
    expect(asked).toEqual(['true', 'false', 'false'])
  })
})

describe('a call of the engine', () => {
  it('is told of by its name, its outcome, and how long it took', async () => {
    const took: number[] = []
    const answer = (response: ServerResponse, method: string, url: string) => {
      if (method === 'POST') response.writeHead(500).end('{"message":"disk full"}')
      else if (url.startsWith('/info')) response.end('{"Swarm":{"ControlAvailable":true}}')
      else response.end(JSON.stringify(url.startsWith('/tasks') ? [] : [rawService]))
    }
    await using engine = await aSwarm(answer, { onDuration: (ms) => took.push(ms) })
    const startedMs = performance.now()
    const found = await engine.swarm.find('web')
    await expect(found?.scale(2, {})).rejects.toMatchObject({ code: 'engine' })
    await engine.swarm.check()
    expect(engine.calls.toSorted()).toEqual([
      'info ok',
      'service_list ok',
      'service_update engine',
      'task_list ok',
    ])
    const mostMs = performance.now() - startedMs
    for (const ms of took) {
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(mostMs)
    }
  })

  it('asks for a service by its name, then by its ID, and counts no tasks', async () => {
    const asked: [string | null, string | null][] = []
    await using engine = await aSwarm((response, _, url) => {
      const { pathname, searchParams } = new URL(url, 'http://engine')
      if (pathname === '/services') asked.push([searchParams.get('filters'), searchParams.get('status')])
      response.end('[]')
    })
    expect(await engine.swarm.find('web')).toBeUndefined()
    expect(asked).toEqual([
      ['{"name":["web"]}', 'false'],
      ['{"id":["web"]}', 'false'],
    ])
  })

  it.each(['services', 'tasks'])('that is answered by no list of %s says so', async (what) => {
    await using engine = await aSwarm((response, _, url) =>
      response.end(url.startsWith(`/${what}`) ? '{"hello":"world"}' : JSON.stringify([rawService])),
    )
    await expect(engine.swarm.find('web')).rejects.toThrow(`the answer is not a list of ${what}; is this`)
  })

  it('that is given up leaves no connection, be it a check', async () => {
    const closed = Promise.withResolvers<void>()
    await using engine = await aSwarm((response) => void response.on('close', () => closed.resolve()), {
      timeoutMs: 200,
    })
    await expect(engine.swarm.check()).rejects.toMatchObject({ code: 'timeout' })
    await closed.promise
  })
})

describe('a listed service', () => {
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
  const task = (State: string, madeMs: number, Slot = 1) => ({
    ServiceID: 'id',
    Slot,
    CreatedAt: ago(madeMs),
    DesiredState: State === 'failed' ? 'shutdown' : 'running',
    Status: { State, Timestamp: ago(madeMs), ...(State === 'pending' ? { Err: 'no suitable node' } : {}) },
  })
  const loop = (...last: object[]) => [...[9_000, 8_000, 7_000].map((ms) => task('failed', ms)), ...last]
  const enabled = { Name: 'web', Labels: { 'autoscaler.enable': 'true', 'autoscaler.max': '9' } }

  /** An engine of one service; set how many of its replicas run by the engine's own count, and its tasks. */
  async function anEngine(replicas: number, options: SwarmOptions = {}) {
    const world = { running: replicas, tasks: [] as object[], isGone: false, spec: enabled as object }
    const raw = () => ({
      ...rawService,
      Spec: { Mode: { Replicated: { Replicas: replicas } }, ...world.spec },
      ServiceStatus: { RunningTasks: world.running, DesiredTasks: replicas },
    })
    const services = () => (world.isGone ? [] : [raw()])
    const engine = await aSwarm(
      (response, _, url) => response.end(JSON.stringify(url.startsWith('/tasks') ? world.tasks : services())),
      options,
    )
    /** Lists it, and tells whether its tasks were read for that. */
    const look = async () => {
      engine.calls.length = 0
      const [found] = await engine.swarm.list()
      return { service: found?.service, readsTasks: engine.calls.includes('task_list ok') }
    }
    return { ...engine, world, look }
  }

  it('has its tasks read while some do not run, and no longer', async () => {
    await using engine = await anEngine(1)
    engine.world.running = 0
    engine.world.tasks = [task('starting', 100)]
    expect(await engine.look()).toMatchObject({ readsTasks: true, service: { tasks: { starting: 1 } } })
    engine.world.running = 1
    expect(await engine.look()).toMatchObject({ readsTasks: false, service: { runningReplicas: 1 } })
  })

  it.each([
    ['fail', 1, loop(task('starting', 100)), loop(task('running', 5_000))],
    ['are pending', 1, [task('pending', 100)], [task('pending', 200)]],
    ['fail, and as many are pending', 2, [...loop(task('starting', 100)), task('pending', 100, 2)], []],
  ])(
    'whose tasks %s has them read until they are well, though the engine counts all as running',
    async (_, replicas, bad, next) => {
      await using engine = await anEngine(replicas)
      engine.world.running = 0
      engine.world.tasks = bad
      await engine.look()
      engine.world.running = replicas
      engine.world.tasks = next
      expect(await engine.look()).toMatchObject({ readsTasks: true })
      engine.world.tasks = [task('running', 3_600_000), task('running', 3_600_000, 2)].slice(0, replicas)
      await engine.look()
      expect(await engine.look()).toMatchObject({ readsTasks: false })
    },
  )

  it('that was gone is a new one', async () => {
    await using engine = await anEngine(1)
    engine.world.running = 0
    engine.world.tasks = loop(task('starting', 100))
    await engine.look()
    engine.world.isGone = true
    await engine.look()
    Object.assign(engine.world, { isGone: false, running: 1 })
    expect(await engine.look()).toMatchObject({ readsTasks: false })
  })

  it('that is left out is not looked at any closer', async () => {
    await using engine = await anEngine(1, { only: [{ kind: 'name', name: 'api' }] })
    engine.world.running = 0
    expect(await engine.look()).toMatchObject({
      readsTasks: false,
      service: { policy: { isExcluded: true } },
    })
  })

  it('runs no more replicas than it should, draining ones apart', async () => {
    await using engine = await anEngine(2)
    engine.world.running = 3
    expect((await engine.look()).service?.runningReplicas).toBe(2)
  })

  it('of another mode is told as the engine counts it, and has no tasks of replicas', async () => {
    await using engine = await anEngine(0)
    Object.assign(engine.world, { running: 3, spec: { ...enabled, Mode: { Global: {} } } })
    expect((await engine.look()).service).toMatchObject({ mode: 'global', runningReplicas: 3 })
    expect((await engine.swarm.find('web'))?.service).not.toHaveProperty('tasks')
  })
})

describe('labels from the policy file', () => {
  const named = (Name: string, Labels: Record<string, string> = {}) => ({
    ...rawService,
    ID: `id-of-${Name}`,
    Spec: { ...rawService.Spec, Name, Labels },
  })
  const label = 'autoscaler.enable'
  const all = [
    named('web'),
    named('api', { [label]: 'true', 'autoscaler.max': '4' }),
    named('db', { [label]: 'false' }),
    named('web2'),
    named('cache', { 'autoscaler.max': '9' }),
  ]
  const byService: Record<string, Record<string, string>> = {
    web: { enable: 'true', max: '3' },
    api: { max: '9', min: '2' },
    db: { enable: 'true', max: '5' },
  }
  const fileLabels = (hasEnable: boolean): FileLabels => ({
    labelsFor: (service) => byService[service] ?? {},
    hasEnable: () => hasEnable,
  })
  /** An engine that filters as the real one does, and keeps what it is asked and told. */
  const anEngine = async (hasEnable: boolean, only: Allowlist = []) => {
    const asked: string[] = []
    const written: string[] = []
    const swarm = await aSwarm(
      (response, method, url) => {
        const { searchParams } = new URL(url, 'http://engine')
        if (method !== 'GET') {
          response.req.on('data', (body) => written.push(String(body))).on('end', () => response.end('{}'))
          return
        }
        asked.push(searchParams.get('filters') ?? '')
        const filters = JSON.parse(searchParams.get('filters') ?? '{}') as Record<string, string[]>
        const isListed = ({ Spec }: (typeof all)[number]) =>
          (filters['label'] ?? []).every((key) => Spec.Labels[key] !== undefined) &&
          (filters['name'] ?? []).every((start) => Spec.Name.startsWith(start))
        response.end(JSON.stringify(all.filter(isListed)))
      },
      { fileLabels: fileLabels(hasEnable), only },
    )
    return { swarm, asked, written }
  }

  it('find a service without labels, by its exact name, and leave its labels their say', async () => {
    const engine = await anEngine(true)
    await using _ = engine.swarm
    const services = (await engine.swarm.swarm.list()).map(({ service }) => service)
    expect(services.map(({ name, policy }) => [name, policy.kind])).toEqual([
      ['web', 'valid'],
      ['api', 'valid'],
      ['db', 'not_enabled'],
    ])
    expect(services[1]?.policy).toMatchObject({ policy: { min: 2, max: 4 } })
  })

  it('that enable nothing leave the choice to the engine', async () => {
    const engine = await anEngine(false)
    await using _ = engine.swarm
    expect((await engine.swarm.swarm.list()).map(({ service }) => service.name)).toEqual(['api', 'db'])
    expect(engine.asked[0]).toContain(label)
  })

  it('never get into the labels of a service', async () => {
    const engine = await anEngine(true)
    await using _ = engine.swarm
    const found = await engine.swarm.swarm.find('web')
    expect(found?.service.policy).toMatchObject({ kind: 'valid', policy: { max: 3 } })
    await found?.scale(2, { lastUpMs: 0 })
    const { Labels } = JSON.parse(engine.written.join('')) as { Labels: Record<string, string> }
    expect(Labels).toEqual({ 'autoscaler.state.last-up': '1970-01-01T00:00:00.000Z' })
  })

  it('do not bring in what the allowlist leaves out', async () => {
    const engine = await anEngine(true, [{ kind: 'name', name: 'api' }])
    await using _ = engine.swarm
    const services = (await engine.swarm.swarm.list()).map(({ service }) => service)
    expect(services.map(({ name, policy }) => [name, policy])).toEqual([
      ['web', { kind: 'not_enabled', isExcluded: true }],
      ['api', expect.objectContaining({ kind: 'valid' })],
    ])
  })
})

describe('an allowlist', () => {
  const spec = (Image: string, Labels: Record<string, string>) => ({
    ...rawService.Spec,
    Labels,
    TaskTemplate: { ContainerSpec: { Image } },
  })
  const optedIn = { 'autoscaler.enable': 'true', 'autoscaler.max': '9', 'autoscaler.state.replicas': '4' }

  it.each([
    ['finds what it lets through as it is', [{ kind: 'label', key: 'team', value: 'shop' }], 'valid'],
    [
      'takes a label of the policy file for none of the service',
      [{ kind: 'label', key: 'autoscaler.min', value: '2' }],
      'not_enabled',
    ],
    ['leaves out all else', [{ kind: 'name', name: 'we' }], 'not_enabled'],
  ] as const)('%s', async (_, only, kind) => {
    const Labels = { ...optedIn, team: 'shop' }
    const raw = {
      ...rawService,
      Spec: spec('a', Labels),
      ServiceStatus: { RunningTasks: 0, DesiredTasks: 1 },
    }
    const fileLabels = { labelsFor: () => ({ min: '2' }), hasEnable: () => false }
    await using engine = await aSwarm(
      (response, __, url) => response.end(JSON.stringify(url.includes('/tasks') ? [] : [raw])),
      { fileLabels, only },
    )
    expect((await engine.swarm.list()).map(({ service }) => service.policy.kind)).toEqual([kind])
    expect((await engine.swarm.find('web'))?.service.policy.kind).toBe(kind)
  })

  it('that leaves a service out leaves even its half-begun rollout alone', async () => {
    const before = {
      ...rawService,
      Version: { Index: 5 },
      Spec: spec('b', optedIn),
      PreviousSpec: spec('a', optedIn),
    }
    const written: { Labels: Record<string, string> }[] = []
    const answer = (raw: () => object) => (response: ServerResponse, method: string, url: string) => {
      if (method === 'GET') {
        response.end(JSON.stringify(url.includes('/tasks') ? [] : [raw()]))
        return
      }
      response.req
        .on('data', (body) => written.push(JSON.parse(String(body))))
        .on('end', () => response.end('{}'))
    }
    const redeploying = { ...before, UpdateStatus: { State: 'updating' } }
    await using first = await aSwarm(answer(() => (written.length > 0 ? rawService : redeploying)))
    await (await first.swarm.find('web'))?.restore(4, { replicas: 4 })
    const [marked] = written
    expect(marked?.Labels).toHaveProperty('autoscaler.state.relaunch')

    const halfBegun = { ...before, Spec: marked, PreviousSpec: before.Spec }
    await using owner = await aSwarm(answer(() => (written.length > 1 ? before : halfBegun)))
    await owner.swarm.find('web')
    expect(written).toHaveLength(2)

    await using other = await aSwarm(
      answer(() => halfBegun),
      { only: [{ kind: 'name', name: 'api' }] },
    )
    await other.swarm.find('web')
    await other.swarm.list()
    expect(written).toHaveLength(2)
  })
})
