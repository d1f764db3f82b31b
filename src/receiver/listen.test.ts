import express from 'express'
import { describe, expect, it } from 'vitest'
import { listen } from './listen.ts'

/** A server of which one path answers only when the test lets it. */
async function aServer() {
  const gate = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const app = express()
  app.get('/slow', async (_request, response) => {
    asked.resolve()
    await gate.promise
    response.send('done')
  })
  const server = await listen(app, '127.0.0.1', 0)
  const slow = fetch(`http://127.0.0.1:${server.port}/slow`)
  await asked.promise
  return { server, slow, finish: gate.resolve }
}

describe('closing', () => {
  it('lets a request under way be answered, and takes no other', async () => {
    const { server, slow, finish } = await aServer()
    const closed = server.close(60_000)
    await expect(fetch(`http://127.0.0.1:${server.port}/slow`)).rejects.toThrow()
    finish()
    expect(await (await slow).text()).toBe('done')
    await closed
  })

  it('cuts off what is not answered within the grace', async () => {
    const { server, slow } = await aServer()
    const cutOff = expect(slow).rejects.toThrow()
    await server.close(1)
    await cutOff
  })
})

it('an address that is taken is an error', async () => {
  const { server, slow, finish } = await aServer()
  await expect(listen(express(), '127.0.0.1', server.port)).rejects.toThrow(/EADDRINUSE/)
  finish()
  await slow
  await server.close(1)
})
