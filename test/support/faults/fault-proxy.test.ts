import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { waitFor } from '../testbed/wait.ts'
import { FaultProxy } from './fault-proxy.ts'
import {
  after,
  answerWith,
  cutAnswer,
  dropRequest,
  events,
  hang,
  readings,
  replaceAnswer,
  theFirst,
  together,
  updates,
} from './faults.ts'

const update = { method: 'POST', path: '/v1.47/services/abc/update?version=7' }

/** An engine that keeps what it is asked, and answers each request but events with what it was. */
async function anEngine() {
  const folder = await mkdtemp(join(tmpdir(), 'an-engine-'))
  const asked: string[] = []
  let stream: ServerResponse | undefined
  const server = createServer(async (incoming, response) => {
    const body = await text(incoming)
    asked.push(`${incoming.method} ${incoming.url} ${body}`.trim())
    if (incoming.url === '/events') stream = response.writeHead(200) && response
    else response.end(`did ${incoming.method}`)
    stream?.flushHeaders()
  })
  const socket = join(folder, 'engine.sock')
  await once(server.listen(socket), 'listening')
  const proxy = await FaultProxy.start(`unix://${socket}`)
  onTestFinished(async () => {
    await proxy.close()
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })
  return { asked, proxy, send: (line: string) => stream?.write(line) }
}

/** Asks through the proxy. Rejects where the connection ends before an answer begins. */
async function ask(proxy: FaultProxy, { method = 'GET', path = '/services', body = '' } = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request({ socketPath: proxy.socketPath, method, path, agent: false }, resolve)
    .once('error', reject)
    .end(body)
  return promise
}

const answerOf = async (answer: Promise<IncomingMessage>) =>
  `${(await answer).statusCode} ${await text(await answer)}`

it('passes requests on as they are, and their answers back', async () => {
  const { proxy, asked } = await anEngine()
  expect(await answerOf(ask(proxy, { ...update, body: '{"a":1}' }))).toBe('200 did POST')
  expect(asked).toEqual(['POST /v1.47/services/abc/update?version=7 {"a":1}'])
})

it('strikes only what fits, and only until it is lifted', async () => {
  const { proxy, asked } = await anEngine()
  const strike = proxy.strike(answerWith(500, 'broken'), updates)
  expect(await answerOf(ask(proxy, update))).toBe('500 {"message":"broken"}')
  expect(await answerOf(ask(proxy))).toBe('200 did GET')
  expect(strike.count).toBe(1)
  strike.lift()
  strike.lift()
  expect(await answerOf(ask(proxy, update))).toBe('200 did POST')
  expect(asked).toHaveLength(2)
})

it('drops a request that the engine then never sees, and loses an answer to one that it has done', async () => {
  const { proxy, asked } = await anEngine()
  const dropped = proxy.strike(dropRequest)
  await expect(ask(proxy)).rejects.toThrow()
  expect(asked).toEqual([])
  dropped.lift()
  const cut = proxy.strike(theFirst(1, cutAnswer))
  await expect(ask(proxy)).rejects.toThrow()
  expect(asked).toEqual(['GET /services'])
  expect(await answerOf(ask(proxy))).toBe('200 did GET')
  cut.lift()
  proxy.strike(replaceAnswer(502, 'bad gateway'))
  expect(await answerOf(ask(proxy))).toBe('502 {"message":"bad gateway"}')
  expect(asked).toHaveLength(3)
})

it('holds a request, and passes it on though the client has gone', async () => {
  const { proxy, asked } = await anEngine()
  const gate = Promise.withResolvers<void>()
  const held = proxy.strike(
    after(() => gate.promise),
    updates,
  )
  const answer = ask(proxy, update)
  await held.struck()
  proxy.cut(updates)
  await expect(answer).rejects.toThrow()
  expect(asked).toEqual([])
  gate.resolve()
  await waitFor(async () => (asked.length === 1 ? true : undefined), {
    for: 'the engine to see it',
    timeoutMs: 5_000,
  })
})

it('holds requests until this many wait', async () => {
  const { proxy, asked } = await anEngine()
  const strike = proxy.strike(together(2))
  const first = ask(proxy)
  await strike.struck()
  expect(asked).toEqual([])
  expect(await Promise.all([answerOf(first), answerOf(ask(proxy))])).toEqual(['200 did GET', '200 did GET'])
})

it('passes a stream on as it comes, falls silent in it, and cuts it', async () => {
  const { proxy, send } = await anEngine()
  const stream = (await ask(proxy, { path: '/events' })).setEncoding('utf8')
  const closed = once(stream, 'error')
  send('one')
  expect(await once(stream, 'data')).toEqual(['one'])
  const silence = proxy.silence(events)
  send('lost')
  await waitFor(async () => (silence.lost === 1 ? true : undefined), {
    for: 'a piece to be lost',
    timeoutMs: 5_000,
    everyMs: 5,
  })
  silence.lift()
  send('two')
  expect(await once(stream, 'data')).toEqual(['two'])
  proxy.cut(events)
  expect(await closed).toMatchObject([{ code: 'ECONNRESET' }])
})

it('goes away with all connections, and comes back', async () => {
  const { proxy } = await anEngine()
  const hanging = proxy.strike(hang, readings)
  const waiting = ask(proxy)
  await hanging.struck()
  await Promise.all([expect(waiting).rejects.toThrow(), proxy.leave()])
  await expect(ask(proxy)).rejects.toMatchObject({ code: 'ENOENT' })
  await proxy.comeBack()
  hanging.lift()
  expect(await answerOf(ask(proxy))).toBe('200 did GET')
})
