import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../tools/run-tool.ts'

/** Forty minutes with samples every 5 s, in ms since the epoch. */
export const world = {
  fromMs: Date.parse('2026-01-15T12:00:00Z'),
  toMs: Date.parse('2026-01-15T12:40:00Z'),
  /** Receiver `r1` ends, and `r2` takes over, whose counters begin anew. */
  handOverMs: Date.parse('2026-01-15T12:20:00Z'),
  /** `web` goes from 2 to 5 replicas, and down to 3. To the millisecond, between two samples. */
  upMs: Date.parse('2026-01-15T12:10:03.250Z'),
  downMs: Date.parse('2026-01-15T12:30:01.750Z'),
  /** Replicas of the services that are never scaled. The last two would be taken for others by a careless pattern. */
  steady: { 'shop-api': 3, 'mail.worker': 4, mailXworker: 40, web2: 20 },
} as const

const scrapeMs = 5_000
const receivers = [
  { instance: 'r1', from: world.fromMs, to: world.handOverMs },
  { instance: 'r2', from: world.handOverMs, to: world.toMs },
] as const
type Receiver = (typeof receivers)[number]
type Labels = Readonly<Record<string, string>>
type ValueAt = (ms: number) => number | undefined

const lines: string[] = []

function series(
  name: string,
  labels: Labels,
  { from, to }: { from: number; to: number },
  valueAt: ValueAt,
): void {
  const head = `${name}{${Object.entries(labels).map(([key, value]) => `${key}="${value}"`)}}`
  for (let ms = from; ms <= to; ms += scrapeMs) {
    const value = valueAt(ms)
    if (value !== undefined) lines.push(`${head} ${value} ${ms / 1_000}`)
  }
}

const webReplicas: ValueAt = (ms) => (ms < world.upMs ? 2 : ms < world.downMs ? 5 : 3)
const services: Readonly<Record<string, ValueAt>> = {
  web: webReplicas,
  ...Object.fromEntries(Object.entries(world.steady).map(([name, replicas]) => [name, () => replicas])),
}

function tellService(receiver: Receiver, service: string, replicas: ValueAt): void {
  const labels = { job: 'swarm-autoscaler', instance: receiver.instance, service }
  const own = (name: string, valueAt: ValueAt, more: Labels = {}) =>
    series(`swarm_autoscaler_${name}`, { ...labels, ...more }, receiver, valueAt)
  own('service_desired_replicas', replicas)
  own('service_running_replicas', replicas)
  own('service_min_replicas', () => 1)
  own('service_max_replicas', () => 50)
  own('service_policy_valid', () => (service === 'web2' ? 0 : 1))
  own('service_status_info', () => 1, {
    decision: 'hold',
    reason: service === 'web2' ? 'at_max' : 'no_alert',
  })
  tellChange(own, service === 'web' ? receiver : undefined)
}

/** Changes, and their counters: each receiver counts what it did itself. */
function tellChange(
  own: (name: string, valueAt: ValueAt, more?: Labels) => void,
  receiver: Receiver | undefined,
): void {
  const changes = { up: world.upMs, down: world.downMs }
  for (const [direction, atMs] of Object.entries(changes)) {
    const isHere = receiver !== undefined && atMs >= receiver.from && atMs < receiver.to
    const done: ValueAt = (ms) => (isHere && ms >= atMs ? 1 : 0)
    own('scalings_total', done, { direction, outcome: 'applied' })
    own('scalings_total', () => 0, { direction, outcome: 'failed' })
    // It is kept at the service, and outlives the receiver that wrote it.
    const isKnown = receiver !== undefined && atMs < receiver.to
    if (isKnown)
      own('service_last_scale_timestamp_seconds', (ms) => (ms >= atMs ? atMs / 1_000 : undefined), {
        direction,
      })
  }
  const changed: ValueAt = (ms) =>
    Object.values(changes).filter((atMs) => receiver !== undefined && atMs >= receiver.from && atMs <= ms)
      .length
  own('decisions_total', changed, { decision: 'scale', reason: 'alert' })
  own('decisions_total', () => 0, { decision: 'scale', reason: 'below_min' })
}

/** Two posts a second to whichever receiver is there: nine of ten take 10 to 25 ms, the others up to 0.1 s. */
function tellPosts(receiver: Receiver): void {
  const labels = {
    job: 'swarm-autoscaler',
    instance: receiver.instance,
    method: 'POST',
    route: '/webhook',
    code: '200',
  }
  const posts: ValueAt = (ms) => (2 * (ms - receiver.from)) / 1_000
  const name = 'swarm_autoscaler_http_request_duration_seconds'
  const buckets: readonly (readonly [string, number])[] = [
    ['0.01', 0],
    ['0.025', 0.9],
    ['0.1', 1],
    ['+Inf', 1],
  ]
  for (const [le, share] of buckets) {
    series(`${name}_bucket`, { ...labels, le }, receiver, (ms) => share * (posts(ms) ?? 0))
  }
  series(`${name}_count`, labels, receiver, posts)
}

/** Writes the world into `folder`, as the data of a Prometheus. */
export async function writeWorld(promtool: string, folder: string): Promise<void> {
  lines.length = 0
  for (const receiver of receivers) {
    for (const [service, replicas] of Object.entries(services)) tellService(receiver, service, replicas)
    tellPosts(receiver)
    series(
      'swarm_autoscaler_docker_up',
      { job: 'swarm-autoscaler', instance: receiver.instance },
      receiver,
      () => 1,
    )
  }
  for (const [service, replicas] of Object.entries(services)) {
    for (const name of ['desired_replicas', 'needed_replicas']) {
      series(`swarm_autoscaler:${name}`, { service }, { from: world.fromMs, to: world.toMs }, replicas)
    }
  }
  // The other one of a pair: what it tells of web is no second web.
  const second = { job: 'swarm-autoscaler', instance: 'second', service: 'web' }
  series(
    'swarm_autoscaler_service_running_replicas',
    second,
    { from: world.fromMs, to: world.toMs },
    webReplicas,
  )
  const file = join(folder, 'world.txt')
  writeFileSync(file, `${lines.join('\n')}\n# EOF\n`)
  const { exitCode, output } = await runTool(promtool, [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    file,
    folder,
  ])
  if (exitCode !== 0) throw new Error(output)
}
