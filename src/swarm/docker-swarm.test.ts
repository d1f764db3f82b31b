import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectDocker } from './docker-client.ts'
import { DockerSwarm } from './docker-swarm.ts'
import type { LabelLayers } from './label-layers.ts'

const rawService = {
  ID: 'id',
  Version: { Index: 1 },
  Spec: { Name: 'web', Mode: { Replicated: { Replicas: 1 } } },
}

/** A Swarm behind an engine that answers as the test says. */
async function aSwarm(
  answer: (response: ServerResponse, method: string, url: string) => void,
  layers?: LabelLayers,
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
    timeoutMs: 200,
    onCall: (operation, outcome) => calls.push(`${operation} ${outcome}`),
    ...(layers === undefined ? {} : { layers }),
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
    await using engine = await aSwarm(misbehave)
    await expect(engine.swarm.list()).rejects.toMatchObject({ code: 'timeout' })
    await expect(engine.swarm.find('web')).rejects.toMatchObject({ code: 'timeout' })
    expect(engine.calls).toEqual(['service_list timeout', 'service_list timeout'])
  })

  it.each(misbehaviours)(
    '%s is given up in time, when written to, the outcome unknown',
    async (_, misbehave) => {
      await using engine = await aSwarm((response, method) => {
        if (method === 'GET') response.end(JSON.stringify([rawService]))
        else misbehave(response)
      })
      const found = await engine.swarm.find('web')
      await expect(found?.scale(2, {})).rejects.toMatchObject({ code: 'timeout', outcomeUnknown: true })
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

describe('layers beneath the labels', () => {
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
  const fileLayers: Record<string, Record<string, string>> = {
    web: { enable: 'true', max: '3' },
    api: { max: '9', min: '2' },
    db: { enable: 'true', max: '5' },
  }
  const layers = (hasEnable: boolean): LabelLayers => ({
    of: (service) => fileLayers[service] ?? {},
    hasEnable: () => hasEnable,
  })
  /** An engine that filters as the real one does, and keeps what it is asked and told. */
  const anEngine = async (hasEnable: boolean) => {
    const asked: string[] = []
    const written: string[] = []
    const swarm = await aSwarm((response, method, url) => {
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
    }, layers(hasEnable))
    return { swarm, asked, written }
  }

  it('find a service without labels, by its exact name, and leave its labels their say', async () => {
    const engine = await anEngine(true)
    await using _ = engine.swarm
    const services = await engine.swarm.swarm.list()
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
    expect((await engine.swarm.swarm.list()).map(({ name }) => name)).toEqual(['api', 'db'])
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
})
