import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { aReceiver } from '../../test/support/fakes/asked-receiver.ts'
import { aCa, aCertificate, servingTls } from '../../test/support/tls/certificates.ts'
import { health } from './health.ts'

async function run(args: readonly string[], environment: Record<string, string> = {}) {
  const out: string[] = []
  const err: string[] = []
  const streams = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) }
  const status = await health(args, { environment, streams })
  return { status, out: out.join('\n'), err: err.join('\n') }
}

const listenAt = (port: number) => ({ AUTOSCALER_LISTEN: `0.0.0.0:${port}` })
const ca = await aCa()
const own = await aCertificate(ca, { name: 'somewhere.example' })

it('says that the receiver of this machine is alive, whatever that asks of others', async () => {
  const { port } = await aReceiver({ tokens: ['webhook-token'], readTokens: ['read-token'], isReady: false })
  expect(await run([], listenAt(port))).toEqual({ status: 0, out: 'healthy', err: '' })
  expect(await run(['--listen', `127.0.0.1:${port}`])).toMatchObject({ status: 0 })
})

it('asks over TLS where that is served, without a certificate of its own', async () => {
  const { port } = await aReceiver(servingTls(own, ca.cert))
  expect(await run([], { ...listenAt(port), AUTOSCALER_TLS_CERT_FILE: '/cert.pem' })).toMatchObject({
    status: 0,
  })
  expect(await run(['--tls-cert-file', '/cert.pem'], listenAt(port))).toMatchObject({ status: 0 })
  expect(await run([], listenAt(port))).toMatchObject({ status: 1 })
})

it('--ready says whether it can scale as well', async () => {
  const [ready, not] = [await aReceiver(), await aReceiver({ isReady: false })]
  expect(await run(['--ready'], listenAt(ready.port))).toMatchObject({ status: 0, out: 'ready' })
  expect(await run(['--ready'], listenAt(not.port))).toEqual({
    status: 1,
    out: '',
    err: expect.stringMatching(
      /^swarm-autoscaler: http:\/\/127\.0\.0\.1:\d+\/-\/ready answers 503: .*this node is a worker/,
    ),
  })
})

it('looks at no setting but where the receiver listens: that has its tokens already', async () => {
  const { port } = await aReceiver()
  const environment = { ...listenAt(port), AUTOSCALER_WEBHOOK_TOKEN_FILE: '/nowhere', DOCKER_TLS_VERIFY: '1' }
  expect(await run([], environment)).toMatchObject({ status: 0 })
})

it('that gets no answer says so, with status 1', async () => {
  const { port, close } = await aReceiver()
  await close()
  expect(await run([], listenAt(port))).toEqual({
    status: 1,
    out: '',
    err: expect.stringMatching(/^swarm-autoscaler: no answer from http:.*ECONNREFUSED/),
  })
  const foreign = createServer((socket) => void socket.end('nothing\n')).listen(0, '127.0.0.1')
  await once(foreign, 'listening')
  const { port: foreignPort } = foreign.address() as { port: number }
  expect(await run([], listenAt(foreignPort))).toMatchObject({ status: 1 })
  foreign.close()
})

it.each([
  [['--redy'], {}],
  [['now'], {}],
  [['--listen', 'x'], {}],
  [[], { AUTOSCALER_LISTEN: 'x' }],
])('%j with %j is wrong usage', async (args, environment) => {
  expect(await run(args, environment)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^swarm-autoscaler: /),
  })
})

it('--help says what it does', async () => {
  const { status, out } = await run(['--help'])
  expect(status).toBe(0)
  for (const flag of ['--ready', '--listen', '--tls-cert-file']) expect(out).toContain(`  ${flag} `)
})
