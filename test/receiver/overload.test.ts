import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { mostBytesUnderWay } from '../../src/receiver/read-body.ts'
import { mostWaiting } from '../../src/receiver/webhook.ts'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aPolicy, aService } from '../support/fakes/builders.ts'
import { eventually } from '../support/testbed/wait.ts'

const names = Array.from({ length: 50 }, (_, n) => `service-${n}`)
const most = 1_000_000

/** The application on a socket, with an engine that answers nothing until the test lets it. */
async function aStuckReceiver() {
  const services = names.map((name) =>
    aService({ name, id: `id-of-${name}`, policy: aPolicy({ max: most }) }),
  )
  const { app, swarm, clock } = await anApp({ services })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const gate = Promise.withResolvers<void>()
  let asked = 0
  swarm.beforeAnswer = () => {
    asked++
    return gate.promise
  }
  const answerAgain = () => {
    swarm.beforeAnswer = async () => {}
    gate.resolve()
  }
  let sent = 0
  /** Asks for a number that no post before has asked for. */
  const post = async (padding = '') => {
    const replicas = 10 + sent
    const service = names[sent++ % names.length] as string
    const response = await fetch(`http://127.0.0.1:${port}/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body:
        JSON.stringify(aMessage(anAlert({ service, replicas: `${replicas}`, fingerprint: service }))) +
        padding,
    })
    await response.text()
    return response.status
  }
  return {
    swarm,
    clock,
    port,
    post,
    answerAgain,
    /** How many services the engine has been asked for and has not answered. */
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('more posts than can be dealt with', () => {
  it('are 503 beyond those that wait, none is forgotten, and the newest number of each service wins', async () => {
    await using receiver = await aStuckReceiver()
    const { swarm, clock } = receiver
    const answers: number[] = []
    const add = (status: number) => answers.push(status)
    const posts = Array.from({ length: mostWaiting + 1 }, () => receiver.post().then(add))
    await eventually(() => expect(answers).toEqual([503]))
    for (let n = 0; n < 2 * names.length; n++) expect(await receiver.post()).toBe(503)
    receiver.answerAgain()
    await Promise.all(posts)
    expect(answers.filter((status) => status === 200).length).toBe(mostWaiting)
    await clock.advance(2_000)
    const asked = mostWaiting + 1 + 2 * names.length
    const last = new Map(Array.from({ length: asked }, (_, n) => [names[n % names.length], 10 + n]))
    expect(new Map(names.map((name) => [name, swarm.get(name).desiredReplicas]))).toEqual(last)
    // Each service is read and written for all that waits at once, and not post by post.
    expect(swarm.updates.length).toBeLessThanOrEqual(3 * names.length)
    expect(await receiver.post()).toBe(200)
  })

  it('are those, too, that are large beside others which wait; small ones still may', async () => {
    await using receiver = await aStuckReceiver()
    const padding = ' '.repeat(mostBytesUnderWay / 4 - 10_000)
    const before = receiver.asked()
    const large = Array.from({ length: 4 }, () => receiver.post(padding))
    await eventually(() => expect(receiver.asked()).toBe(before + 4))
    expect(await receiver.post(padding)).toBe(503)
    const small = receiver.post()
    await eventually(() => expect(receiver.asked()).toBe(before + 5))
    receiver.answerAgain()
    expect(await Promise.all([...large, small])).toEqual([200, 200, 200, 200, 200])
    // Alertmanager posts again what was refused.
    expect(await receiver.post(padding)).toBe(200)
    expect(receiver.swarm.get(names[6] ?? '').desiredReplicas).toBe(16)
  })
})
