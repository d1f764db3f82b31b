import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connectDocker } from './docker-client.ts'
import { listLabelled } from './labelled-services.ts'

/** Lists the services of an engine that answers as the test says. An engine that answers may take its time. */
async function list(answer: (response: ServerResponse) => void, timeoutMs = 60_000) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  return listLabelled(connectDocker({ host, tlsVerify: false }), host, timeoutMs)
}

it('lists the services with any label of the autoscaler, and no others', async () => {
  const specs = [
    { Name: 'web', Labels: { 'autoscaler.enabled': 'true', team: 'shop' } },
    { Name: 'agent', Labels: { 'autoscaler.max': '3' }, Mode: { Global: {} } },
    { Name: 'other', Labels: { 'traefik.enable': 'true', 'my.autoscaler.max': '1' } },
    { Name: 'bare', Labels: null },
    { Labels: { 'autoscaler.min': '2' } },
    undefined,
  ]
  const found = await list((response) =>
    response.end(JSON.stringify(specs.map((Spec) => ({ ID: 'id', Spec })))),
  )
  expect(found).toEqual([
    { name: 'web', labels: { 'autoscaler.enabled': 'true', team: 'shop' } },
    { name: 'agent', labels: { 'autoscaler.max': '3' } },
    { name: '', labels: { 'autoscaler.min': '2' } },
  ])
})

it.each<[string, string, (response: ServerResponse) => void]>([
  ['never answers', 'timeout', () => {}],
  ['stops in the middle of an answer', 'timeout', (response) => void response.write('[{"ID":')],
  ['answers with something else', 'engine', (response) => void response.end('{"hello":1}')],
])('fails when the engine %s', async (_, code, answer) => {
  await expect(list(answer, code === 'timeout' ? 200 : undefined)).rejects.toMatchObject({
    name: 'SwarmError',
    code,
  })
})

it('says what an answer that is no list may mean', async () => {
  const answer = (response: ServerResponse) => void response.end('{"hello":1}')
  await expect(list(answer)).rejects.toThrow(
    /: the answer is not a list of services; is this the Docker API\?$/,
  )
})

it('leaves no connection to an engine that it has given up', async () => {
  const closed = Promise.withResolvers<void>()
  const listed = list((response) => void response.on('close', () => closed.resolve()), 200)
  await expect(listed).rejects.toMatchObject({ code: 'timeout' })
  await closed.promise
})
