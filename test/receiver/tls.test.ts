import { once } from 'node:events'
import { Agent } from 'node:https'
import { connect as connectPlainly } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { defined } from '../../src/domain/defined.ts'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import { aReceiver } from '../support/fakes/asked-receiver.ts'
import { eventually } from '../support/testbed/wait.ts'
import { askTls, type TlsCall } from '../support/tls/ask.ts'
import { aCa, aCertificate, servingTls } from '../support/tls/certificates.ts'

const [ca, otherCa] = [await aCa(), await aCa('other')]
const [own, renewed] = [await aCertificate(ca), await aCertificate(ca)]
const [client, stranger, expired] = [
  await aCertificate(ca, { name: 'alertmanager' }),
  await aCertificate(otherCa, { name: 'alertmanager' }),
  await aCertificate(ca, { name: 'alertmanager', validForMs: 60_000 }),
]

async function aTlsReceiver({ clientCa, reload }: { clientCa?: string; reload?: () => string[] } = {}) {
  const receiver = await aReceiver({ ...servingTls(own, clientCa), ...defined({ reload }) })
  const ask = (path: string, call: TlsCall = {}) => askTls(`${receiver.url}${path}`, { ca: ca.cert, ...call })
  return { ...receiver, ask }
}

const post = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(aMessage(anAlert({ replicas: '9' }))),
}

describe('TLS', () => {
  it('is served with the certificate, and needs none of the callers where there is no CA of theirs', async () => {
    const { ask, swarm } = await aTlsReceiver()
    expect((await ask('/api/v1/services')).status).toBe(200)
    expect((await ask('/webhook', post)).status).toBe(200)
    expect(swarm.get('web').desiredReplicas).toBe(9)
    await expect(ask('/-/healthy', { ca: otherCa.cert })).rejects.toThrow(/unable to verify|self.signed/)
  })

  it('is 1.2 at least', async () => {
    const { ask } = await aTlsReceiver()
    expect((await ask('/-/healthy', { maxVersion: 'TLSv1.2' })).status).toBe(200)
    await expect(ask('/-/healthy', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow()
  })

  it('has a new certificate from the next connection on', async () => {
    const { ask, secure, port } = await aTlsReceiver()
    const shown = async () => {
      const socket = connect({ host: '127.0.0.1', port, ca: ca.cert })
      await new Promise((resolve) => socket.once('secureConnect', resolve))
      const { serialNumber } = socket.getPeerCertificate()
      socket.destroy()
      return serialNumber
    }
    const before = await shown()
    expect(await shown()).toBe(before)
    secure(renewed)
    expect(await shown()).not.toBe(before)
    expect((await ask('/-/healthy')).status).toBe(200)
  })
})

describe('with a client CA', () => {
  const guarded: [string, TlsCall][] = [
    ['/webhook', post],
    ['/-/reload', { method: 'POST' }],
    ['/metrics', {}],
    ['/api/v1/services', {}],
    ['/', {}],
    ['/assets/page.css', {}],
    ['/nothing', {}],
  ]
  it.each(guarded)('%s asks for a certificate that it has signed', async (path, call) => {
    const { ask, swarm } = await aTlsReceiver({ clientCa: ca.cert })
    const missing = await ask(path, call)
    expect([missing.status, JSON.parse(missing.text).detail]).toEqual([
      403,
      'a client certificate is missing; show one that the CA of AUTOSCALER_TLS_CLIENT_CA_FILE has signed',
    ])
    for (const wrong of [stranger, expired]) {
      const { status, text } = await ask(path, { ...call, ...wrong })
      expect([status, JSON.parse(text).detail]).toEqual([
        403,
        expect.stringMatching(/^the client certificate is refused \([A-Z_]+\); show one that the CA/),
      ])
    }
    expect(swarm.updates).toEqual([])
    expect((await ask(path, { ...call, ...client })).status).toBe(path === '/nothing' ? 404 : 200)
  })

  it.each(['/-/healthy', '/-/ready'])('%s asks for none', async (path) => {
    const { ask } = await aTlsReceiver({ clientCa: ca.cert })
    expect((await ask(path)).status).toBe(200)
    expect((await ask(path, stranger)).status).toBe(200)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a session of %s that goes on proves no more than it did',
    async (version) => {
      const { ask } = await aTlsReceiver({ clientCa: ca.cert })
      const call = { minVersion: version, maxVersion: version }
      for (const [who, status] of [
        [{}, 403],
        [stranger, 403],
        [client, 200],
      ] as const) {
        const { session } = await ask('/-/healthy', { ...call, ...who })
        expect(session).toBeInstanceOf(Buffer)
        expect((await ask('/metrics', { ...call, ...who, ...(session && { session }) })).status).toBe(status)
      }
    },
  )

  it('a delivery without a certificate counts as one of the webhook', async () => {
    const { ask } = await aTlsReceiver({ clientCa: ca.cert })
    await ask('/webhook', post)
    const { text } = await ask('/metrics', client)
    expect(text).toContain('http_request_duration_seconds_count{method="POST",route="/webhook",code="403"} 1')
  })
})

describe('another client CA', () => {
  it('counts for what comes, on connections and in sessions that stand as well', async () => {
    const { ask, secure } = await aTlsReceiver({ clientCa: ca.cert })
    const agent = new Agent({ keepAlive: true })
    const freed = once(agent, 'free')
    const { session } = await ask('/metrics', { ...client, agent })
    await freed
    secure({ ...own, clientCa: otherCa.cert })
    // It is closed, which a caller may see only when it writes: then it connects again.
    const kept = await ask('/metrics', { ...client, agent }).catch(() => ({ status: 'hung up' }))
    expect([403, 'hung up']).toContain(kept.status)
    expect((await ask('/metrics', { ...client, ...(session && { session }) })).status).toBe(403)
    expect((await ask('/metrics', stranger)).status).toBe(200)
    agent.destroy()
  })

  it('cuts off who began to agree on TLS under the one before it', async () => {
    const { ask, secure, port } = await aTlsReceiver({ clientCa: ca.cert })
    const begun = connectPlainly(port, '127.0.0.1')
    await once(begun, 'connect')
    // Accepted later: so is the one above.
    await ask('/-/healthy')
    secure({ ...own, clientCa: otherCa.cert })
    const late = connect({ socket: begun, ca: ca.cert, cert: client.cert, key: client.key })
    late.write('GET /metrics HTTP/1.1\r\nHost: receiver\r\nConnection: close\r\n\r\n')
    expect(await text(late).catch(() => '')).toBe('')
  })

  it('cuts off a connection that is busy meanwhile; what it asked for is done, and it may connect again', async () => {
    const { ask, secure, swarm } = await aTlsReceiver({ clientCa: ca.cert })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const gate = Promise.withResolvers<void>()
    swarm.beforeUpdate = () => {
      secure({ ...own, clientCa: `${otherCa.cert}\n${ca.cert}` })
      return gate.promise
    }
    await expect(ask('/webhook', { ...client, ...post, agent })).rejects.toThrow(/hang up|ECONNRESET/)
    gate.resolve()
    await eventually(() => expect(swarm.get('web').desiredReplicas).toBe(9))
    expect((await ask('/metrics', { ...client, agent })).status).toBe(200)
    agent.destroy()
  })

  it('comes by a reload, which is answered', async () => {
    const exchange = { now: () => {} }
    const reload = () => {
      exchange.now()
      return []
    }
    const { ask, secure } = await aTlsReceiver({ clientCa: ca.cert, reload })
    exchange.now = () => secure({ ...own, clientCa: otherCa.cert })
    expect(await ask('/-/reload', { ...client, method: 'POST' })).toMatchObject({
      status: 200,
      text: 'reloaded\n',
    })
    expect((await ask('/metrics', client)).status).toBe(403)
    expect((await ask('/metrics', stranger)).status).toBe(200)
  })
})
