import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectDocker } from './docker-client.ts'

/** A server that keeps the paths that it was asked for. */
async function aServer(address: string | number) {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    response.setHeader('content-type', 'application/json').end('[]')
  })
  server.listen(address)
  await once(server, 'listening')
  return { server, paths, [Symbol.asyncDispose]: async () => void server.close() }
}

it('speaks to a unix socket, and names no version of the API', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'docker-client-'))
  await using socket = await aServer(join(folder, 'docker.sock'))
  await connectDocker({ host: `unix://${folder}/docker.sock`, tlsVerify: false }).listServices()
  expect(socket.paths).toEqual([expect.stringMatching(/^\/services/)])
  await rm(folder, { recursive: true })
})

it('speaks to a TCP address, with one slash before the path, as the rules of a proxy expect', async () => {
  await using tcp = await aServer(0)
  const { port } = tcp.server.address() as AddressInfo
  await connectDocker({ host: `tcp://127.0.0.1:${port}`, tlsVerify: false }).listServices()
  expect(tcp.paths).toEqual([expect.stringMatching(/^\/services/)])
})

it.each(['', 'docker.sock', 'tcp://', 'ssh://user@host', 'ftp://host:1'])(
  'refuses DOCKER_HOST=%j',
  (host) => {
    expect(() => connectDocker({ host, tlsVerify: false })).toThrow(/DOCKER_HOST=.* must be unix:\/\//)
  },
)

it('names the certificate that cannot be read', () => {
  const endpoint = { host: 'tcp://engine:2376', tlsVerify: true, certPath: '/nowhere' }
  expect(() => connectDocker(endpoint)).toThrow('DOCKER_CERT_PATH: /nowhere/ca.pem cannot be read')
})
