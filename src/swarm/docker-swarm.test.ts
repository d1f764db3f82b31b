import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectDocker } from './docker-client.ts'
import { DockerSwarm } from './docker-swarm.ts'

const rawService = {
  ID: 'id',
  Version: { Index: 1 },
  Spec: { Name: 'web', Mode: { Replicated: { Replicas: 1 } } },
}

/** A Swarm behind an engine that answers as the test says. */
async function aSwarm(answer: (response: ServerResponse, method: string) => void) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    answer(response, request.method ?? '')
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
