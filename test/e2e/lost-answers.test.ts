import { expect, it } from 'vitest'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import {
  after,
  cutAnswer,
  dropRequest,
  type Fault,
  keepAnswer,
  readings,
  replaceAnswer,
  theFirst,
  updates,
} from '../support/faults/faults.ts'
import {
  aFaultProxy,
  aReceiver,
  aService,
  reaches,
  stepMade,
  stepMadeBefore,
} from '../support/faults/fixtures.ts'
import { replicaHistoryOf } from '../support/faults/replica-history.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'

async function aScene() {
  const proxy = await aFaultProxy()
  const service = await aService()
  const history = await replicaHistoryOf(service)
  const receiver = await aReceiver({ dockerHost: proxy.dockerHost })
  return { proxy, service, history, receiver, alert: anAlert({ service: service.name, step: '1' }) }
}

const lostAnswers: readonly (readonly [string, Fault])[] = [
  ['whose connection was cut', cutAnswer],
  ['for which a proxy said 502', replaceAnswer(502, 'bad gateway')],
  ['for which a proxy said 504', replaceAnswer(504, 'gateway timeout')],
  ['that never came', keepAnswer],
]

describeWithEngine('an answer of the engine to an update', () => {
  it.each(lostAnswers)('%s does not hide that the update was made', async (_, fault) => {
    const { proxy, service, history, receiver, alert } = await aScene()
    proxy.strike(theFirst(1, fault), updates)
    expect(await receiver.post(alert)).toMatchObject(stepMade)
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
    const applied = `scalings_total{service="${service.name}",direction="up",outcome="applied"}`
    expect(await receiver.metric(applied)).toBe(1)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('that was lost, and so was the engine, is made up for by the next delivery', async () => {
    const { proxy, history, receiver, alert, service } = await aScene()
    const cut = proxy.strike(async (exchange) => {
      await exchange.askEngine()
      await proxy.leave()
    }, updates)
    expect((await receiver.post(alert)).status).toBe(503)
    cut.lift()
    await proxy.comeBack()
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
    const applied = `scalings_total{service="${service.name}",direction="up",outcome="applied"}`
    expect(await receiver.metric(applied)).toBe(1)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('that was lost because the engine never saw the update is no answer: it is made once, by then or by the next delivery', async () => {
    const { proxy, history, receiver, alert } = await aScene()
    proxy.strike(theFirst(1, dropRequest), updates)
    expect((await receiver.post(alert)).status).toBe(503)
    expect((await receiver.post(alert)).status).toBe(200)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('that comes of an update on its way for too long is a refusal, where the step was made meanwhile', async () => {
    const { proxy, history, receiver, alert } = await aScene()
    const gate = Promise.withResolvers<void>()
    const late = Promise.withResolvers<void>()
    const held = theFirst(1, async (exchange) => {
      await gate.promise
      await exchange.askEngine()
      late.resolve()
    })
    proxy.strike(held, updates)
    expect((await receiver.post(alert)).status).toBe(503)
    // The standing signal may have made it before this delivery does.
    expect((await receiver.post(alert)).status).toBe(200)
    gate.resolve()
    await late.promise
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })
})

describeWithEngine('a deliverer that goes before its answer', () => {
  it.each([
    ['while the service is read', readings],
    ['while the service is written', updates],
  ])('%s gets one step, and is told of it when it delivers again', async (_, filter) => {
    const { proxy, service, history, receiver, alert } = await aScene()
    const gate = Promise.withResolvers<void>()
    const held = proxy.strike(
      after(() => gate.promise),
      filter,
    )
    const gone = new AbortController()
    const delivery = receiver.send(aMessage(alert), gone.signal)
    await held.struck()
    gone.abort()
    await expect(delivery).rejects.toThrow()
    gate.resolve()
    await reaches(service, 2)
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })
})
