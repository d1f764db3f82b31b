import { expect, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { after, theFirst, updates } from '../support/faults/faults.ts'
import { aFaultProxy, aReceiver, aService, stepMade, stepMadeBefore } from '../support/faults/fixtures.ts'
import { labelsOf, updateForeign } from '../support/faults/foreign-update.ts'
import { replicaHistoryOf } from '../support/faults/replica-history.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'
import { waitFor } from '../support/testbed/wait.ts'

async function aScene(labels: readonly string[] = []) {
  const proxy = await aFaultProxy()
  const service = await aService(labels)
  const history = await replicaHistoryOf(service)
  const receiver = await aReceiver({ dockerHost: proxy.dockerHost })
  const conflicts = () => receiver.metric('docker_conflicts_total')
  let made = 0
  const touch = () => updateForeign(service.id, { labels: { [`touch.${++made}`]: 'yes' } })
  const touches = async () =>
    Object.keys(await labelsOf(service.id)).filter((label) => label.startsWith('touch.')).length
  return { proxy, service, history, receiver, conflicts, touch, touches }
}

describeWithEngine('somebody else who updates a service', () => {
  it('fifty times, as fast as it goes, loses no update, and neither does the autoscaler', async () => {
    const { service, history, receiver, conflicts, touch, touches } = await aScene(['up.cooldown=0s'])
    const others = (async () => {
      for (let count = 0; count < 50; count++) await touch()
    })()
    for (const replicas of [2, 3, 4, 5, 6]) {
      const alert = anAlert({ service: service.name, replicas: `${replicas}` })
      // As Alertmanager does with what was refused for now.
      await waitFor(async () => ((await receiver.post(alert)).status === 200 ? true : undefined), {
        for: `the alert for ${replicas} replicas to be understood`,
        timeoutMs: 60_000,
      })
    }
    await others
    expect(await touches()).toBe(50)
    const refused = 'docker_requests_total{operation="service_update",outcome="conflict"}'
    expect(await conflicts()).toBe((await receiver.metric(refused)) ?? 0)
    console.log(`fifty foreign updates met five due changes in ${await conflicts()} conflicts`)
    expect(await history.end()).toEqual(['1 -> 2', '2 -> 3', '3 -> 4', '4 -> 5', '5 -> 6'])
  })

  it('before nineteen updates in a row does not keep the twentieth from being made, once', async () => {
    const { proxy, service, history, receiver, conflicts, touch, touches } = await aScene()
    const strike = proxy.strike(theFirst(19, after(touch)), updates)
    const alert = anAlert({ service: service.name, step: '1' })
    expect(await receiver.post(alert)).toMatchObject(stepMade)
    expect([strike.count, await conflicts(), await touches()]).toEqual([20, 19, 19])
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it('before twenty updates in a row is given way to, and the step is made after that', async () => {
    const { proxy, service, history, receiver, conflicts, touch, touches } = await aScene()
    // The alert stands, and is looked at again when the service was changed: by then nobody is in the way.
    const strike = proxy.strike(theFirst(20, after(touch)), updates)
    const alert = anAlert({ service: service.name, step: '1' })
    expect(await receiver.post(alert)).toMatchObject({
      status: 503,
      detail: `service ${service.name} was changed by others 20 times in a row`,
    })
    // It may have been made by then, or is by this delivery.
    expect((await receiver.post(alert)).status).toBe(200)
    expect([strike.count, await conflicts(), await touches()]).toEqual([21, 20, 20])
    expect(await history.end()).toEqual(['1 -> 2'])
  })

  it.each([
    { others: 3, decision: 'scale', reason: 'alert', from: 3, changes: ['1 -> 3', '3 -> 5'] },
    { others: 5, decision: 'hold', reason: 'at_target', from: 5, changes: ['1 -> 5'] },
  ])('to $others replicas has the way to 5 decided anew', async ({ others, changes, ...answer }) => {
    const { proxy, service, history, receiver, conflicts } = await aScene(['up.cooldown=0s'])
    const scaleForeign = () => updateForeign(service.id, { replicas: others })
    proxy.strike(theFirst(1, after(scaleForeign)), updates)
    const { results } = await receiver.post(anAlert({ service: service.name, replicas: '5' }))
    expect(results).toMatchObject([{ ...answer, to: 5 }])
    expect(await conflicts()).toBe(1)
    expect(await history.end()).toEqual(changes)
  })
})
