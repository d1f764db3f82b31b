import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { aFolder, aReceiver, aService, reaches, stepMade } from '../support/faults/fixtures.ts'
import { askApi, eventsOf, untilRecorded } from '../support/live/recorded.ts'
import { SleepingStack } from '../support/live/sleeping-stack.ts'
import { measureFed } from '../support/load/starved.ts'
import type { ReceiverProcess } from '../support/receiver-process.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'
import { waitFor } from '../support/testbed/wait.ts'

/** An answer waits no longer for the history: one that came sooner has it. */
const waitsForRecordMs = 1_000
/** So many of the seven changes are to be answered sooner, or the run says nothing. */
const leastPrompt = 4

/** Seven changes of a service, each by a receiver that is killed as soon as it has answered, and what the history has of them. */
async function killedReceivers() {
  const service = await aService(['max=20', 'up.cooldown=0s'])
  const folder = aFolder()
  const answered: { change: string; status: number; tookMs: number }[] = []
  for (let replicas = 2; replicas <= 8; replicas++) {
    const receiver = await aReceiver({ folder })
    const post = (to: number) => receiver.post(anAlert({ service: service.name, replicas: String(to) }))
    // The first post of a process is its slowest: this one changes nothing.
    await post(replicas - 1)
    const startMs = performance.now()
    const { status } = await post(replicas)
    const tookMs = performance.now() - startMs
    await receiver.kill()
    answered.push({ change: `${replicas - 1} -> ${replicas}`, status, tookMs })
  }
  const successor = await aReceiver({ folder })
  const scaled = (await eventsOf(successor, service.name)).filter(({ kind }) => kind === 'scaled')
  return { answered, scaled: scaled.map(({ from, to }) => `${from} -> ${to}`) }
}

describeWithEngine('the history', () => {
  it('tells of a change why it was made, for how many, and how long it took', async () => {
    const service = await aService()
    const receiver = await aReceiver()
    const startsAt = new Date(Date.now() - 5_000).toISOString()
    const alert = anAlert({ service: service.name, replicas: '2.5', startsAt })
    await receiver.post(alert)
    expect(await eventsOf(receiver, service.name)).toContainEqual(
      expect.objectContaining({
        kind: 'scaled',
        reason: 'alert',
        actor: 'autoscaler',
        from: 1,
        to: 3,
        needed: 3,
        alerts: [
          expect.objectContaining({
            name: 'SwarmServiceNeedsMoreReplicas',
            fingerprint: 'c2f1a9b8d7e6f504',
            value: '2.5',
            startsAt,
            summary: `${service.name} needs more replicas.`,
          }),
        ],
      }),
    )
    const isConverged = ({ kind, convergedSeconds }: { kind: string; convergedSeconds?: unknown }) =>
      kind === 'scaled' && typeof convergedSeconds === 'number'
    const event = await untilRecorded(receiver, service.name, 'that all tasks run', isConverged)
    expect(event['reactionSeconds']).toBeGreaterThanOrEqual(5)
    expect(event['serviceVersion']).toEqual(expect.any(Number))
  })

  it('tells who changed the replicas: a person, a redeploy, or the autoscaler that undoes it', async () => {
    await using stack = new SleepingStack()
    const labels = { 'up.cooldown': '10m' }
    await stack.deploy({ labels })
    const receiver = await aReceiver()
    // A step, and a cooldown that outlasts the test: the alert that stands does not undo what the person does.
    await receiver.post(anAlert({ service: stack.service, step: '5' }))
    await engine.docker(['service', 'scale', '--detach', `${stack.service}=4`])
    await untilRecorded(receiver, stack.service, 'a person', ({ actor }) => actor === 'person')
    await stack.deploy({ labels })
    await untilRecorded(
      receiver,
      stack.service,
      'the restore',
      ({ reason }) => reason === 'redeploy_restored',
    )
    const changes = (await eventsOf(receiver, stack.service))
      .filter(({ kind }) => kind === 'scaled' || kind === 'changed')
      .map(({ actor, from, to, reason }) => ({ actor, from, to, reason }))
    expect(changes).toEqual([
      { actor: 'autoscaler', from: 1, to: 6, reason: 'alert' },
      { actor: 'person', from: 6, to: 4 },
      { actor: 'redeploy', from: 4, to: 1 },
      { actor: 'autoscaler', from: 1, to: 4, reason: 'redeploy_restored' },
    ])
  })

  it('has what a receiver that is killed right after its answer has answered', async () => {
    const { scaled, answered } = await measureFed('a receiver that is killed', killedReceivers, (run) => {
      const late = run.answered.filter(({ tookMs }) => tookMs >= waitsForRecordMs)
      const isStarved = run.answered.length - late.length < leastPrompt
      return isStarved
        ? `${late.length} of ${run.answered.length} answers came without the history`
        : undefined
    })
    expect(answered.map(({ status }) => status)).toEqual(answered.map(() => 200))
    expect(answered.map(({ change }) => change)).toEqual(expect.arrayContaining([...scaled]))
    const prompt = answered.filter(({ tookMs }) => tookMs < waitsForRecordMs)
    // In their order, as the history is.
    const known = new Set(prompt.map(({ change }) => change))
    expect(scaled.filter((change) => known.has(change))).toEqual([...known])
  })

  it('that cannot be written stops no scaling, is answered from memory, and is written once it can be', async () => {
    const service = await aService()
    const folder = aFolder()
    // A file where the folder should be made.
    writeFileSync(join(folder, 'data'), '')
    const receiver = await aReceiver({ folder })
    expect(await receiver.post(anAlert({ service: service.name, step: '1' }))).toMatchObject(stepMade)
    const { code } = await receiver.logged(
      'the history cannot be written; scaling goes on, and the last events are kept in memory',
    )
    expect(code).toEqual(expect.any(String))
    expect(await receiver.metric('history_up')).toBe(0)
    const kept = await eventsOf(receiver, service.name)
    expect(kept).toContainEqual(expect.objectContaining({ kind: 'scaled', from: 1, to: 2 }))
    rmSync(join(folder, 'data'))
    await receiver.logged('the history is written again')
    expect(await receiver.metric('history_up')).toBe(1)
    expect(await receiver.metric('history_waiting_entries')).toBe(0)
    await receiver.kill()
    const successor = await aReceiver({ folder })
    const found = (await eventsOf(successor, service.name)).map(({ id }) => id)
    expect(found).toEqual(expect.arrayContaining(kept.map(({ id }) => id)))
  })

  it('tells what replicas cost, whoever changed them, and an outage of the receiver as a gap', async () => {
    const service = await aService(['cost=36'])
    const options = { folder: aFolder(), args: ['--resync-interval', '1s'] }
    const since = new Date(Date.now() - 600_000).toISOString()
    const first = await aReceiver(options)
    await reaches(service, 1)
    await engine.docker(['service', 'scale', '--detach', `${service.name}=3`])
    const costOf = async (receiver: ReceiverProcess) =>
      (await askApi(receiver, `cost?service=${service.name}&since=${since}&fixed=20`)).services[0]
    await waitFor(async () => ((await costOf(first)).peak === 3 ? true : undefined), {
      for: 'the cost to know of three replicas',
      timeoutMs: 30_000,
    })
    await first.stop()
    const told = await costOf(await aReceiver(options))
    const reasons = told.gaps.map(({ reason }: { reason: string }) => reason)
    expect(reasons).toEqual(expect.arrayContaining(['before_first_count', 'not_watched']))
    expect(told.peak).toBe(3)
    expect(told.replicaSeconds).toBeGreaterThan(0)
    expect(told.replicaSeconds).toBeLessThanOrEqual(3 * told.knownSeconds)
    // 36 an hour is a cent a second.
    expect(told.cost).toBeCloseTo(told.replicaSeconds / 100, 6)
    expect(told.savedAgainstFixed.replicaSeconds).toBeCloseTo(20 * told.knownSeconds - told.replicaSeconds, 3)
  })
})
