import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import express from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../../test/support/testbed/wait.ts'
import { listen } from './listen.ts'
import { answerProblems } from './problem.ts'
import { readBody } from './read-body.ts'

/** A server that tells how many members a body has, and holds so many bytes of those that are on their way. */
async function aReader(most: number) {
  const broken: unknown[] = []
  const app = express()
  app.post('/', readBody(most), (request, response) => void response.json(Object.keys(request.body).length))
  app.use(answerProblems({ broke: (error: unknown) => void broken.push(error) } as never))
  const server = await listen(app, '127.0.0.1', 0)
  onTestFinished(() => server.close(0))
  const url = `http://127.0.0.1:${server.port}/`
  const post = async (body: string | Uint8Array<ArrayBuffer>) => {
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body })
    return { status: response.status, body: await response.text() }
  }
  /** Begins to send a body of 1 MB and stops one byte before its end. */
  const begin = async () => {
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
    const head =
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n'
    socket.write(head)
    await new Promise((resolve) => socket.write(`[${' '.repeat(999_998)}`, resolve))
    return socket
  }
  return { post, begin, broken }
}

/** Sends a megabyte, and keeps nothing of it. */
function sentMegabyte(request: PassThrough): WeakRef<Buffer> {
  const chunk = Buffer.alloc(1_048_576, ' ')
  request.write(chunk)
  return new WeakRef(chunk)
}

const large = `[${' '.repeat(500_000)}1]`

it('a body is read as UTF-8, whatever its bytes are, with a byte order mark or without', async () => {
  const { post } = await aReader(1e6)
  expect(await post('\ufeff{"a":1}')).toEqual({ status: 200, body: '1' })
  expect(
    await post(Buffer.concat([Buffer.from('["'), Buffer.from([0xff, 0xfe]), Buffer.from('"]')])),
  ).toEqual({ status: 200, body: '1' })
})

it('large bodies wait for others that are on their way, small ones do not, and when those are gone neither does', async () => {
  const { post, begin, broken } = await aReader(1_200_000)
  const socket = await begin()
  await eventually(async () => expect((await post(large)).status).toBe(503))
  expect((await post('[1]')).status).toBe(200)
  socket.destroy()
  await eventually(async () => expect((await post(large)).status).toBe(200))
  // Whoever hangs up is no fault of the receiver.
  expect(broken).toEqual([])
})

it('what was read of a refused body is let go, while the rest of it is still to come', async () => {
  const request = Object.assign(new PassThrough(), {
    headers: { 'content-type': 'application/json' },
    is: () => 'application/json',
  })
  onTestFinished(() => void request.destroy())
  const read = Promise.resolve(readBody()(request as never, new PassThrough() as never, () => {}))
  const refused = expect(read).rejects.toThrow('the body is larger than 2 MB')
  const chunks = Array.from({ length: 3 }, () => sentMegabyte(request))
  await refused
  await setImmediate()
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  expect(chunks.filter((chunk) => chunk.deref() !== undefined)).toEqual([])
})

it('a body that ends is held no longer', async () => {
  const { post, begin } = await aReader(1_200_000)
  const socket = await begin()
  socket.write(']')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
  expect((await post(large)).status).toBe(200)
})
