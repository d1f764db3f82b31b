import { expect, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import type { FaultProxy } from '../support/faults/fault-proxy.ts'
import { answerWith, hang } from '../support/faults/faults.ts'
import {
  aFaultProxy,
  aReceiver,
  aService,
  reaches,
  startReceiver,
  stepMade,
  stepMadeBefore,
} from '../support/faults/fixtures.ts'
import { replicaHistoryOf } from '../support/faults/replica-history.ts'
import type { ReceiverProcess } from '../support/receiver-process.ts'
import { describeWithEngine } from '../support/testbed/describe-with-engine.ts'
import { waitFor } from '../support/testbed/wait.ts'

interface Trouble {
  readonly engine: string
  /** What the receiver says is wrong, and what to do. */
  readonly says: RegExp
  /** Begins the trouble; the answer ends it. */
  readonly begin: (proxy: FaultProxy) => Promise<() => unknown>
}

const answering = (status: number, message: string) => async (proxy: FaultProxy) =>
  proxy.strike(answerWith(status, message)).lift

const noLeader =
  "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."
const noManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.'

const troubles: readonly Trouble[] = [
  {
    engine: 'is away for a while',
    says: /cannot be reached; see DOCKER_HOST/,
    begin: async (proxy) => {
      await proxy.leave()
      return () => proxy.comeBack()
    },
  },
  {
    engine: 'hangs: it takes requests and answers none',
    says: /did not answer in time/,
    begin: async (proxy) => proxy.strike(hang).lift,
  },
  { engine: 'answers 500', says: /too few managers are online/, begin: answering(500, noLeader) },
  {
    engine: 'is no manager',
    says: /is not a Swarm manager; run on a manager, or point DOCKER_HOST to one/,
    begin: answering(503, noManager),
  },
  {
    engine: 'is behind a proxy that answers 403',
    says: /refuses access; .*let the proxy allow the call/,
    begin: answering(403, 'Forbidden'),
  },
  {
    engine: 'has a socket that the receiver has no permission for',
    says: /refuses access; let this user read the socket.*EACCES/,
    begin: async (proxy) => {
      await proxy.forbid()
      return () => proxy.permit()
    },
  },
]

/** Root passes by every file mode, unless it gives up the capability to. */
const boundByFileModes =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : []

describeWithEngine('an engine that', () => {
  it.each(troubles.map((trouble) => [trouble.engine, trouble] as const))(
    '%s costs no change, and none is made twice',
    async (_, { begin, says }) => {
      const proxy = await aFaultProxy()
      const service = await aService()
      const history = await replicaHistoryOf(service)
      const receiver = await aReceiver({
        dockerHost: proxy.dockerHost,
        args: ['--resync-interval', '1s'],
        launcher: boundByFileModes,
      })
      const alert = anAlert({ service: service.name, step: '1' })

      const end = await begin(proxy)
      const [answer, complaint] = await Promise.all([
        receiver.post(alert),
        readinessOf(receiver),
        receiver.logged('Docker not usable'),
      ])
      expect(answer).toMatchObject({ status: 503, detail: expect.stringMatching(says) })
      expect(complaint).toMatch(/^503 /)
      expect(complaint).toMatch(says)
      expect((await receiver.logged('Docker not usable'))['error']).toMatch(says)
      expect(await receiver.metric('docker_up')).toBe(0)
      expect((await receiver.get('/-/healthy')).status).toBe(200)

      await end()
      await reaches(service, 2)
      await isReady(receiver)
      expect(await receiver.metric('docker_up')).toBe(1)
      expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
      expect(await history.end()).toEqual(['1 -> 2'])
    },
  )

  it('is not there at the start is waited for', async () => {
    const proxy = await aFaultProxy({ isAway: true })
    const service = await aService()
    const receiver = await startReceiver({ dockerHost: proxy.dockerHost })
    const alert = anAlert({ service: service.name, step: '1' })
    await receiver.logged('Docker not usable')
    expect(await receiver.metric('docker_up')).toBe(0)
    expect((await receiver.post(alert)).status).toBe(503)
    await proxy.comeBack()
    await receiver.logged('Docker connected')
    expect(await receiver.metric('docker_up')).toBe(1)
    expect(await readinessOf(receiver)).toMatch(/^200 /)
    expect(await receiver.post(alert)).toMatchObject(stepMade)
    expect(await receiver.post(alert)).toMatchObject(stepMadeBefore)
  })

  it('is away between two looks at all services is back soon: what was refused is done without another post', async () => {
    const proxy = await aFaultProxy()
    const service = await aService()
    const receiver = await aReceiver({ dockerHost: proxy.dockerHost, args: ['--resync-interval', '1h'] })
    await proxy.leave()
    expect((await receiver.post(anAlert({ service: service.name, step: '1' }))).status).toBe(503)
    await proxy.comeBack()
    await reaches(service, 2, 10_000)
  })
})

describeWithEngine('a receiver', () => {
  it('says anew what is wrong with the engine where it becomes something else', async () => {
    const proxy = await aFaultProxy()
    const receiver = await aReceiver({ dockerHost: proxy.dockerHost, args: ['--resync-interval', '1s'] })
    await proxy.leave()
    expect((await receiver.logged('Docker not usable'))['code']).toBe('unreachable')
    const skip = receiver.log.length
    proxy.strike(answerWith(403, 'Forbidden'))
    await proxy.comeBack()
    expect((await receiver.logged('Docker not usable', skip))['code']).toBe('denied')
  })
})

async function readinessOf(receiver: ReceiverProcess): Promise<string> {
  const response = await receiver.get('/-/ready')
  return `${response.status} ${await response.text()}`
}

async function isReady(receiver: ReceiverProcess): Promise<void> {
  await waitFor(async () => ((await readinessOf(receiver)).startsWith('200 ') ? true : undefined), {
    for: 'the receiver to be ready',
    timeoutMs: 10_000,
  })
}
