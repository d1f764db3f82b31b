import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { aMessage } from '../fakes/alertmanager-message.ts'
import { within } from '../testbed/wait.ts'
import type { AlertWalk } from './alert-walk.ts'
import type { World } from './world.ts'

/** Does `action` again and again, `everyMs` after its last end, until `signal`. Ignores what it rejects with. */
export async function again(
  everyMs: number,
  signal: AbortSignal,
  action: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    await action().catch(() => {})
    await sleep(everyMs, undefined, { signal }).catch(() => {})
  }
}

const answerOfAlertmanager = { for: 'an answer of Alertmanager', timeoutMs: 5_000 }

/** Posts the active alerts to Alertmanager, as Prometheus does. */
export async function postAlerts(world: World, walks: readonly AlertWalk[]): Promise<void> {
  const nowMs = Date.now()
  const post = (signal: AbortSignal) =>
    fetch(`${world.alertmanager?.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(walks.flatMap((walk) => walk.alerts(nowMs))),
      signal,
    })
  const response = await within(post, answerOfAlertmanager)
  if (!response.ok) throw new Error(`Alertmanager: ${response.status} ${await response.text()}`)
}

interface KnownAlert {
  readonly labels: object
  readonly annotations: object
  readonly startsAt: string
  readonly fingerprint: string
}

/** Posts all alerts that Alertmanager has to the receiver, twice at the same moment, as a cluster of Alertmanagers may. */
export async function postDoubles({ alertmanager, receiver }: World): Promise<void> {
  const read = async (signal: AbortSignal) =>
    (await fetch(`${alertmanager?.url}/api/v2/alerts`, { signal })).json()
  const known = (await within(read, answerOfAlertmanager)) as readonly KnownAlert[]
  const alerts = known.map(({ labels, annotations, startsAt, fingerprint }) => ({
    ...{ status: 'firing', labels, annotations, startsAt, fingerprint },
    endsAt: '0001-01-01T00:00:00Z',
  }))
  const message = aMessage(...alerts)
  await Promise.all([receiver.send(message), receiver.send(message)])
}

const pages = [
  '/',
  '/?service=quick_web',
  '/api/v1/services',
  '/api/v1/services/steps_web',
  '/api/v1/events?limit=50',
  '/api/v1/events?service=pair_web&kind=scaled',
  '/api/v1/cost',
  '/api/v1/status',
  '/-/ready',
  '/-/healthy',
]

/** Reads one page after the other, as people and their programs do. */
export function reader(world: World): () => Promise<void> {
  let turn = 0
  return async () => {
    const path = pages[turn++ % pages.length] ?? '/'
    await (await world.receiver.get(path)).arrayBuffer()
  }
}

/** Clients that break off, are slow, or speak nonsense. */
const manners: readonly ((socket: Socket) => Promise<unknown>)[] = [
  async (socket) =>
    socket.write('POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{"version":'),
  async (socket) => socket.write('GET /api/v1/events?limit=1000 HTTP/1.1\r\nHost: x\r\n\r\n'),
  async (socket) => socket.write('nonsense\r\n\r\n'),
  async (socket) => socket.write('POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'),
  async () => sleep(10_000),
  async (socket) => {
    for (const letter of 'GET /metrics HTTP/1.1\r\n') {
      socket.write(letter)
      await sleep(200)
    }
  },
]

/** One badly behaved client after the other. */
export function badClient(world: World): () => Promise<void> {
  let turn = 0
  return async () => {
    const { hostname, port } = new URL(world.receiver.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    await manners[turn++ % manners.length]?.(socket)
    await sleep(300)
    socket.destroy()
  }
}
