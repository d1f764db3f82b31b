import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Express } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { aMessage, anAlert } from '../../test/support/fakes/alertmanager-message.ts'
import { anApp } from '../../test/support/fakes/an-app.ts'
import { type Listening, listen } from './listen.ts'
import { type ServerLimits, serverLimits } from './server-limits.ts'

const open: { server?: Listening; sockets: Socket[] } = { sockets: [] }

afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  await open.server?.close(0)
})

/** The application behind a real socket. */
async function served(limits: Partial<ServerLimits> = {}, app?: Express) {
  const served = app ?? (await anApp()).app
  const server = await listen(served, '127.0.0.1', 0, { limits: { ...serverLimits, ...limits } })
  open.server = server
  return server.port
}

/** A connection, and all that has come from the other side. */
async function dial(port: number) {
  const socket = connect(port, '127.0.0.1')
  open.sockets.push(socket)
  let text = ''
  socket.setEncoding('latin1').on('data', (data: string) => {
    text += data
  })
  // Whoever is cut off in the middle of a word is told so by an error.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const said = async (part: string) => {
    while (!text.includes(part)) await Promise.race([once(socket, 'data'), ended])
    return text
  }
  return { socket, said, ended, received: () => text }
}

const post = (headers: string, body = '') =>
  `POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n${body}`
const asType = (type: string) =>
  `POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: 2\r\n\r\n{}`
const health = 'GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n'
const json = JSON.stringify(aMessage(anAlert({ replicas: '7' })))

const quick = { headersMs: 150, requestMs: 300, checkMs: 50 }

describe('a slow caller is cut off', () => {
  /** Says one character after the other until nobody listens any more. */
  const trickle = async (socket: Socket) => {
    while (!socket.destroyed && socket.writable) {
      socket.write('a')
      await sleep(20)
    }
  }

  it.each([
    ['with headers that trickle', 'GET / HTTP/1.1\r\nX: '],
    ['with a body that trickles', post('Content-Length: 100000\r\n', '{')],
    ['with a body in chunks that trickles', post('Transfer-Encoding: chunked\r\n', '4000\r\n{')],
  ])('%s, with 408', async (_, start) => {
    const { socket, ended, received } = await dial(await served(quick))
    socket.write(start)
    await Promise.all([trickle(socket), ended])
    expect(received()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('that says nothing at all, with 408', async () => {
    const { ended, received } = await dial(await served(quick))
    await ended
    expect(received()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('that asks for no more, without a word', async () => {
    const { socket, said, ended, received } = await dial(await served({ keepAliveMs: 100 }))
    socket.write(health)
    await said('healthy\n')
    await ended
    expect(received().match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })
})

it('of connections there are no more than the limit, and idle ones make room', async () => {
  const port = await served({ mostConnections: 3 })
  const dialled = []
  for (let n = 0; n < 3; n++) {
    const one = await dial(port)
    one.socket.write(health)
    await one.said('healthy\n')
    dialled.push(one)
  }
  const refused = await dial(port)
  await refused.ended
  await Promise.all(dialled.map(({ ended }) => ended))
  const again = await dial(port)
  again.socket.write(health)
  expect(await again.said('healthy\n')).toContain(' 200 ')
})

describe('on a real socket', () => {
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20))

  const answerTo = async (request: string | Buffer, part = '\r\n\r\n') => {
    const { socket, said } = await dial(await served())
    socket.write(request)
    return (await said(part)).split('\r\n')[0]
  }

  it.each([
    ['headers above the limit', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    ['a hundred thousand headers', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(100_000)}\r\n`, 431],
    ['an address above the header limit', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['a long address', `GET /${'x'.repeat(9_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['bytes that are no HTTP', '\x16\x03\x01\x00\xff\r\n\r\n', 400],
    ['a method that is none', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a path that encodes nothing', 'GET /api/v1/services/%ff HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['two lengths', post('Content-Length: 3\r\nContent-Length: 4\r\n', '{}'), 400],
    ['a length beside chunks', post('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
    ['a length above the limit', post('Content-Length: 99999999999\r\n', '{'), 413],
    ['another expectation', post(`Expect: tea\r\nContent-Length: 2\r\n`, '{}'), 417],
    ['bad JSON', post('Content-Length: 1\r\n', '{'), 400],
    ['no body', post(''), 400],
    ['another charset', asType('application/json; charset=utf-16'), 415],
    ['another type', asType('text/plain'), 415],
  ])('%s: is answered with its status', async (_, request, status) => {
    expect(await answerTo(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('an endless body: is answered with 413 when it is too much, and cut off in time', async () => {
    const { socket, said, ended } = await dial(await served({ ...quick, headersMs: 6_000, requestMs: 6_000 }))
    socket.write(post('Transfer-Encoding: chunked\r\n'))
    const chunk = Buffer.from(`100000\r\n${' '.repeat(0x100000)}\r\n`)
    let sent = 0
    const send = () => {
      while (socket.writable && socket.write(chunk)) sent++
    }
    socket.on('drain', send)
    send()
    expect(await said('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /)
    await ended
    expect(sent).toBeGreaterThan(0)
  })

  it.each(['gzip', 'deflate', 'br'])(
    'a body in %s: is refused as it is, without unpacking it',
    async (encoding) => {
      const head = post(`Content-Encoding: ${encoding}\r\nContent-Length: ${bomb.length}\r\n`)
      const before = process.memoryUsage().rss
      expect(await answerTo(Buffer.concat([Buffer.from(head), bomb]))).toMatch(/^HTTP\/1\.1 415 /)
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    },
  )

  it('who waits to be asked for the body is asked for it', async () => {
    const { socket, said } = await dial(await served())
    socket.write(post(`Expect: 100-continue\r\nContent-Length: ${json.length}\r\n`))
    await said('HTTP/1.1 100 Continue')
    socket.write(json)
    expect(await said('"results"')).toContain('"to":7')
  })

  it('requests in one breath are answered in their order', async () => {
    const { socket, said } = await dial(await served())
    const missing = 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n'
    socket.write(
      `${health}${missing}${post(`Content-Length: ${json.length}\r\n`, json)}${health.replace('healthy', 'ready')}`,
    )
    const text = await said('ready\n')
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([200, 404, 200, 200].map((status) => `HTTP/1.1 ${status}`))
  })
})
