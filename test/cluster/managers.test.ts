import { afterEach, expect, inject, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { aSleepingService, type SleepingService } from '../support/sleeping-service.ts'
import { type ClusterNode, joinCluster } from '../support/testbed/cluster.ts'
import { lines } from '../support/testbed/docker.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { askReady, post, resultsOf } from './ask.ts'
import { type Changes, listen } from './changes.ts'
import { type ReceiverProcess, startReceiver } from './receiver-process.ts'
import { nodesOfRunning } from './running.ts'

const cluster = joinCluster(inject('cluster'))
const cleanUps: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  await cluster.whole()
})

it('a receiver whose node is demoted says what is wrong, and after the promotion does what is due, once', async () => {
  const { leader, other } = await managers()
  const service = await aService(leader, 'demoted', 2)
  const changes = listening(leader)
  const { url } = await aReceiver(other)
  expect(await askReady(url)).toMatchObject({ status: 200 })
  // It knows the service from its first look at all of them.
  const alert = anAlert({ service: service.name, step: '1' })
  await waitFor(async () => ((await metrics(url)).includes(`service="${service.name}"`) ? true : undefined), {
    for: 'the receiver to see the service',
    timeoutMs: 20_000,
  })

  await leader.docker(['node', 'demote', other.name])
  cleanUps.push(() => leader.docker(['node', 'promote', other.name]))
  const ready = await until('the demotion to be told', 30_000, async () => {
    const answer = await askReady(url)
    return answer.status === 503 && answer.text.includes('not a Swarm manager') ? answer : undefined
  })
  const refused = await post(url, alert)
  for (const { status, text } of [ready, refused]) {
    expect(status).toBe(503)
    const { detail } = JSON.parse(text) as { detail: string }
    expect(detail).toContain(other.dockerHost)
    expect(detail).toContain('is not a Swarm manager; run on a manager, or point DOCKER_HOST to one')
  }
  console.log(`demoted: ${refused.text}`)
  expect(await service.replicas()).toBe(2)

  const promotedMs = Date.now()
  await leader.docker(['node', 'promote', other.name])
  await until('the engine to be a manager again', 60_000, async () => {
    const control = await other.docker(['info', '--format', '{{.Swarm.ControlAvailable}}'])
    return control.trim() === 'true' ? true : undefined
  })
  console.log(`promoted: the engine is a manager after ${secondsSince(promotedMs)}`)
  await until('the receiver to be ready again', 60_000, async () =>
    (await askReady(url)).status === 200 ? true : undefined,
  )
  console.log(`promoted: ready after ${secondsSince(promotedMs)}`)
  const [change] = await until('what was due', 30_000, async () => {
    const seen = changes.of(service.name)
    return seen.length > 0 ? seen : undefined
  })
  console.log(`promoted: what was due is in the spec after ${secondsSince(promotedMs)}, without another post`)
  expect(change).toMatchObject({ from: 2, to: 3 })
  expect(resultsOf(await post(url, alert))).toMatchObject([
    { decision: 'hold', reason: 'cooldown', from: 3, to: 3 },
  ])
  expect(changes.of(service.name)).toHaveLength(1)
  expect(await service.replicas()).toBe(3)
})

it('a receiver that is killed is followed by one at another manager, which does not step again', async () => {
  const { leader, other, third } = await managers()
  const service = await aService(leader, 'followed', 2)
  const changes = listening(leader)
  const alert = anAlert({ service: service.name, step: '1' })
  const first = await aReceiver(other)
  expect(resultsOf(await post(first.url, alert))).toMatchObject([{ decision: 'scale', from: 2, to: 3 }])
  const lastUp = await service.lastUp()
  await first.kill()

  const second = await aReceiver(third)
  expect(resultsOf(await post(second.url, alert))).toMatchObject([
    { decision: 'hold', reason: 'cooldown', from: 3, to: 3 },
  ])
  expect(await service.replicas()).toBe(3)
  expect(await service.lastUp()).toBe(lastUp)
  expect(changes.of(service.name)).toHaveLength(1)
})

it('replicas that find no node are placed when the node is back', async () => {
  const { leader, other, third } = await managers()
  const availability = (of: 'drain' | 'active') =>
    leader.docker(['node', 'update', '--availability', of, third.name])
  await availability('drain')
  cleanUps.push(() => availability('active'))
  const service = await aService(leader, 'capacity', 2, ['--replicas-max-per-node', '1'])
  const { url } = await aReceiver(other)
  const alert = anAlert({ service: service.name, replicas: '3' })
  expect(resultsOf(await post(url, alert))).toMatchObject([{ decision: 'scale', from: 2, to: 3 }])
  const running = async () => (await nodesOfRunning(leader.docker, service.name)).length
  const tasks = async () => {
    const format = ['--no-trunc', '--format', '{{.CurrentState}} {{.Error}}']
    return lines(await leader.docker(['service', 'ps', ...format, service.name]))
  }
  const [pending] = await until('a replica without a node', 60_000, async () => {
    const waiting = (await tasks()).filter((task) => /^Pending .*no suitable node/.test(task))
    return waiting.length === 1 && (await running()) === 2 ? waiting : undefined
  })
  console.log(`drained: ${pending}`)
  expect(resultsOf(await post(url, alert))).toMatchObject([{ decision: 'hold', from: 3, to: 3 }])

  const backMs = Date.now()
  await availability('active')
  await until('all replicas', 60_000, async () => ((await running()) === 3 ? true : undefined))
  console.log(`back: all replicas run after ${secondsSince(backMs)}`)
  expect(await service.replicas()).toBe(3)
})

/** The leader and the other two. */
async function managers() {
  const leader = await cluster.leader()
  const [other, third] = cluster.nodes.filter((node) => node !== leader)
  if (other === undefined || third === undefined) throw new Error('a cluster has three nodes')
  return { leader, other, third }
}

const aService = (
  node: ClusterNode,
  kind: string,
  replicas: number,
  flags: readonly string[] = [],
): Promise<SleepingService> => aSleepingService(node, { name: `managers-${kind}`, replicas, flags })

async function aReceiver(node: ClusterNode): Promise<ReceiverProcess> {
  const receiver = await startReceiver(node)
  cleanUps.push(() => receiver.kill())
  return receiver
}

function listening(node: ClusterNode): Changes {
  const changes = listen(node)
  cleanUps.push(() => changes.stop())
  return changes
}

function until<T>(what: string, timeoutMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  return waitFor(probe, { for: what, timeoutMs })
}

async function metrics(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}

function secondsSince(thenMs: number): string {
  return `${((Date.now() - thenMs) / 1_000).toFixed(1)} s`
}
