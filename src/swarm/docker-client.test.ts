import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { connectDocker } from './docker-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'docker-client-'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

/** A server that keeps the paths that it was asked for, and answers each with an empty list. */
async function aServer(create: (listener: RequestListener) => Server, address: string | number) {
  const paths: string[] = []
  const server = create((request, response) => {
    paths.push(request.url ?? '')
    response.setHeader('content-type', 'application/json').setHeader('connection', 'close').end('[]')
  })
  servers.push(server)
  server.listen(address)
  await once(server, 'listening')
  return { paths, port: (server.address() as AddressInfo).port }
}

it('speaks to a unix socket, and names no version of the API', async () => {
  const path = join(folder, 'docker.sock')
  const { paths } = await aServer(createServer, path)
  await connectDocker({ host: `unix://${path}`, tlsVerify: false }).listServices()
  expect(paths).toEqual([expect.stringMatching(/^\/services/)])
})

it('speaks to a TCP address, with one slash before the path, as the rules of a proxy expect', async () => {
  const { paths, port } = await aServer(createServer, 0)
  await connectDocker({ host: `tcp://127.0.0.1:${port}`, tlsVerify: false }).listServices()
  expect(paths).toEqual([expect.stringMatching(/^\/services/)])
})

it('goes where it is told, whatever the environment says', async () => {
  const path = join(folder, 'told.sock')
  const { paths } = await aServer(createServer, path)
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1')
  await connectDocker({ host: `unix://${path}`, tlsVerify: false }).listServices()
  vi.unstubAllEnvs()
  expect(paths).toHaveLength(1)
})

it.each(['', 'docker.sock', 'tcp://', 'ssh://user@host', 'http://host:1'])(
  'refuses DOCKER_HOST=%j',
  (host) => {
    expect(() => connectDocker({ host, tlsVerify: false })).toThrow(/DOCKER_HOST=.* must be unix:\/\//)
  },
)

it.each([
  ['tcp://engine', false, { protocol: 'http', host: 'engine', port: 2375 }],
  ['tcp://engine:5000', false, { protocol: 'http', host: 'engine', port: 5000 }],
  ['tcp://[::1]:5000', false, { protocol: 'http', host: '::1', port: 5000 }],
  ['tcp://engine', true, { protocol: 'https', host: 'engine', port: 2376 }],
])('takes %s, TLS %s, for the address of an engine', (host, tlsVerify, address) => {
  const certPath = mkdtempSync(join(folder, 'empty-'))
  for (const name of ['ca.pem', 'cert.pem', 'key.pem']) writeFileSync(join(certPath, name), '')
  expect(connectDocker({ host, tlsVerify, certPath }).modem).toMatchObject(address)
})

describe('with TLS', () => {
  const options = {
    algorithm: 'sha256',
    clientCertificate: { cn: 'receiver', algorithm: 'sha256' },
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  } as const

  /** An engine that asks for a certificate of its own authority, and a folder of certificates as Docker's client has it. */
  async function anEngine() {
    const engine = await generate(
      [{ name: 'commonName', value: '127.0.0.1' }],
      structuredClone(options) as never,
    )
    const certPath = mkdtempSync(join(folder, 'certificates-'))
    const files = { 'ca.pem': engine.cert, 'cert.pem': engine.clientcert, 'key.pem': engine.clientprivate }
    for (const [name, content] of Object.entries(files)) writeFileSync(join(certPath, name), content ?? '')
    const identity = { key: engine.private, cert: engine.cert, ca: engine.cert, requestCert: true }
    const { port } = await aServer((listener) => createTlsServer(identity, listener), 0)
    return { certPath, host: `tcp://127.0.0.1:${port}` }
  }

  it('shows its certificate to the engine, and knows the engine by its own', async () => {
    const { host, certPath } = await anEngine()
    await expect(connectDocker({ host, tlsVerify: true, certPath }).listServices()).resolves.toEqual([])
  })

  it('trusts no engine of another authority', async () => {
    const [{ host }, { certPath }] = [await anEngine(), await anEngine()]
    await expect(connectDocker({ host, tlsVerify: true, certPath }).listServices()).rejects.toThrow(
      /certificate|signature/i,
    )
  })

  it('names the certificate that cannot be read', () => {
    const endpoint = { host: 'tcp://engine:2376', tlsVerify: true, certPath: '/nowhere' }
    const error = expect.objectContaining({
      message: 'DOCKER_CERT_PATH: /nowhere/ca.pem cannot be read',
      cause: expect.objectContaining({ code: 'ENOENT' }),
    })
    expect(() => connectDocker(endpoint)).toThrow(error)
  })
})
