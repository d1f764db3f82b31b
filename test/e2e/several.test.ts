import { expect, it } from 'vitest'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import { together } from '../support/faults/faults.ts'
import { aFaultProxy, aReceiver, aService, reaches } from '../support/faults/fixtures.ts'
import { replicaHistoryOf } from '../support/faults/replica-history.ts'
import type { Answer } from '../support/receiver-process.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'

const rounds = Array.from({ length: 20 }, (_, round) => round)

/** What each answered, in words: one made the step, or it was made when the others came. */
const inWords = (answers: readonly Answer[]) =>
  answers.map(({ status, results = [] }) =>
    [status, ...results.map(({ decision, reason, to }) => `${decision} ${reason} ${to}`)].join(' '),
  )

describeWithEngine('one step', () => {
  it('comes of the same group from two Alertmanagers at the same moment', async () => {
    const receiver = await aReceiver()
    for (const _ of rounds) {
      const service = await aService()
      const history = await replicaHistoryOf(service)
      const message = aMessage(anAlert({ service: service.name, step: '1' }))
      const deliver = (from: string) => receiver.send({ ...message, externalURL: `http://${from}:9093` })
      const first = await Promise.all(['alertmanager-1', 'alertmanager-2'].map(deliver))
      expect(inWords(first)).toContain('200 scale alert 2')
      const again = await Promise.all(['alertmanager-1', 'alertmanager-2'].map(deliver))
      expect(inWords(again)).toEqual(['200 hold cooldown 2', '200 hold cooldown 2'])
      expect(await history.end()).toEqual(['1 -> 2'])
    }
  })

  it('comes of one alert that two receivers hear at the same moment', async () => {
    const receivers = await Promise.all([aReceiver(), aReceiver()])
    for (const _ of rounds) {
      const service = await aService()
      const history = await replicaHistoryOf(service)
      const alert = anAlert({ service: service.name, step: '1' })
      const answers = await Promise.all(receivers.map((receiver) => receiver.post(alert)))
      expect(inWords(answers).toSorted()).toEqual(['200 hold cooldown 2', '200 scale alert 2'])
      expect(await history.end()).toEqual(['1 -> 2'])
    }
  })

  it('comes of two receivers whose updates reach the engine at the same moment, and the loser decides anew', async () => {
    const proxy = await aFaultProxy()
    const { dockerHost } = proxy
    const receivers = await Promise.all([aReceiver({ dockerHost }), aReceiver({ dockerHost })])
    for (const _ of rounds) {
      const service = await aService()
      const history = await replicaHistoryOf(service)
      // Both have read the service before either may write it.
      const race = proxy.strike(together(2), ({ path }) => path === `/services/${service.id}/update`)
      const alert = anAlert({ service: service.name, step: '1' })
      const answers = await Promise.all(receivers.map((receiver) => receiver.post(alert)))
      expect(inWords(answers).toSorted()).toEqual(['200 hold cooldown 2', '200 scale alert 2'])
      expect(race.count).toBe(2)
      expect(await history.end()).toEqual(['1 -> 2'])
    }
    const conflicts = await Promise.all(
      receivers.map((receiver) => receiver.metric('docker_conflicts_total')),
    )
    expect((conflicts[0] ?? 0) + (conflicts[1] ?? 0)).toBe(rounds.length)
  })

  it('comes of each cooldown of an alert that stands, though two receivers wait for its end', async () => {
    const receivers = await Promise.all([aReceiver(), aReceiver()])
    const service = await aService(['up.cooldown=1s'])
    const history = await replicaHistoryOf(service)
    const postedMs = Date.now()
    const alert = anAlert({ service: service.name, step: '1' })
    await Promise.all(receivers.map((receiver) => receiver.post(alert)))
    await reaches(service, 4)
    // Two cooldowns lie between three steps, however fast or slow the machine is.
    expect(Date.now() - postedMs).toBeGreaterThanOrEqual(2_000)
    expect((await history.end()).slice(0, 3)).toEqual(['1 -> 2', '2 -> 3', '3 -> 4'])
  })
})
