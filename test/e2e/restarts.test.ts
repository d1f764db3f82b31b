import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import {
  after,
  type Fault,
  type Filter,
  hang,
  keepAnswer,
  readings,
  updates,
} from '../support/faults/faults.ts'
import {
  aFaultProxy,
  aFolder,
  aReceiver,
  aService,
  reaches,
  startReceiver,
  stepMade,
  stepMadeBefore,
} from '../support/faults/fixtures.ts'
import { replicaHistoryOf } from '../support/faults/replica-history.ts'
import type { Answer } from '../support/receiver-process.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'

/** A receiver that was killed when `fault` had struck, after it had been posted a step. */
async function aKilledReceiver(fault: Fault, filter: Filter) {
  const proxy = await aFaultProxy()
  const service = await aService()
  const history = await replicaHistoryOf(service)
  const folder = aFolder()
  const receiver = await aReceiver({ dockerHost: proxy.dockerHost, folder })
  const alert = anAlert({ service: service.name, step: '1' })
  const strike = proxy.strike(fault, filter)
  const unanswered = receiver.post(alert)
  unanswered.catch(() => {})
  await strike.struck()
  const kill = async () => {
    await receiver.kill()
    await expect(unanswered).rejects.toThrow()
  }
  return { service, history, alert, kill, startSuccessor: () => startReceiver({ folder }) }
}

describeWithEngine('a receiver that is killed', () => {
  it.each([
    ['after it has read the service', keepAnswer, readings],
    ['with an update on its way that never arrives', hang, updates],
  ])('%s has changed nothing, and its successor makes the step', async (_, fault, filter) => {
    const { history, alert, kill, startSuccessor } = await aKilledReceiver(fault, filter)
    await kill()
    const successor = await startSuccessor()
    expect(await successor.post(alert)).toMatchObject(stepMade)
    expect(await successor.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('after its update was made, before the answer, leaves a cooldown that its successor knows', async () => {
    const { service, history, alert, kill, startSuccessor } = await aKilledReceiver(keepAnswer, updates)
    await reaches(service, 2)
    await kill()
    const successor = await startSuccessor()
    expect(await successor.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('with an update on its way that arrives before its successor, leaves a cooldown too', async () => {
    const gate = Promise.withResolvers<void>()
    const held = after(() => gate.promise)
    const { service, history, alert, kill, startSuccessor } = await aKilledReceiver(held, updates)
    await kill()
    gate.resolve()
    await reaches(service, 2)
    const successor = await startSuccessor()
    expect(await successor.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('with an update on its way that arrives after the step of its successor, changes nothing more', async () => {
    const gate = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const held: Fault = async (exchange) => {
      await gate.promise
      await exchange.askEngine()
      arrived.resolve()
    }
    const { history, alert, kill, startSuccessor } = await aKilledReceiver(held, updates)
    await kill()
    const successor = await startSuccessor()
    expect(await successor.post(alert)).toMatchObject(stepMade)
    gate.resolve()
    await arrived.promise
    expect(await successor.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('at any of ten moments makes one step together with its successor', async () => {
    const proxy = await aFaultProxy()
    const { dockerHost } = proxy
    const folder = aFolder()
    // Wide enough for a moment to fall before, between and after the calls of the engine.
    proxy.strike(after(() => sleep(5)))
    let receiver = await aReceiver({ dockerHost, folder })
    let madeBefore = 0
    for (let round = 0; round < 10; round++) {
      const service = await aService()
      const history = await replicaHistoryOf(service)
      const alert = anAlert({ service: service.name, step: '1' })
      receiver.post(alert).catch(() => {})
      await sleep(6 * (round + Math.random()))
      await receiver.kill()
      receiver = await aReceiver({ dockerHost, folder })
      const answer = await receiver.post(alert)
      if (isHeld(answer)) madeBefore++
      expect(answer).toMatchObject(isHeld(answer) ? stepMadeBefore : stepMade)
      expect(await history.end()).toEqual(['1 -> 2'])
    }
    console.log(`killed before the step was made ${10 - madeBefore} times, afterwards ${madeBefore} times`)
  })
})

const isHeld = ({ results }: Answer) => results?.[0]?.['decision'] === 'hold'
