import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How many made-up services, and replicas of each. */
export type Size = { readonly services: number; readonly replicas: number }

export type Exporter = { readonly port: number; readonly paths: readonly string[]; close(): Promise<void> }

/** A line of the exposition without its value, and its value by seconds since the start. */
type Series = { readonly head: string; readonly valueAt: (seconds: number) => number }
type Labels = Readonly<Record<string, string>>

/** Prometheus scrapes many small targets in reality: one large one would come in bursts. */
const parts = 10
const targets = { requests: 50, cpu: 0.7, memory: 0.8, network: 5e6, latency: 0.5, errors: 0.05 } as const
const cpuLimit = 0.5
const memoryLimit = 512 * 1024 * 1024
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY]

/** Serves the series of `size`, in the names of all that the shipped rules read, on 127.0.0.1. */
export async function serveMadeUpSeries(size: Size): Promise<Exporter> {
  const startedMs = performance.now()
  const seriesOf = Array.from({ length: parts }, (_, part) =>
    Array.from({ length: size.services }, (_, index) => index)
      .filter((index) => index % parts === part)
      .flatMap((index) => aService(index, size.replicas)),
  )
  const server = createServer(({ url }, response) => {
    const seconds = (performance.now() - startedMs) / 1_000
    const series = seriesOf[Number(url?.slice('/part/'.length))] ?? []
    response.setHeader('Content-Type', 'text/plain; version=0.0.4')
    response.end(series.map(({ head, valueAt }) => `${head} ${valueAt(seconds)}\n`).join(''))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  const paths = seriesOf.map((_, part) => `/part/${part}`)
  return { port: (server.address() as AddressInfo).port, paths, close }
}

/** Needed / desired of a service: of ten, one is to grow, two are to shrink, the others are content. */
function loadOf(index: number): number {
  const tenth = index % 10
  if (tenth === 0) return 1.6
  return tenth <= 2 ? 0.5 : 1
}

export const serviceName = (index: number) => `stack${index % 40}_service${index}`

function aService(index: number, replicas: number): readonly Series[] {
  const service = serviceName(index)
  const own = (name: string, value: number, labels: Labels = {}) =>
    constant(`swarm_autoscaler_service_${name}`, { service, ...labels }, value)
  return [
    own('desired_replicas', replicas),
    own('running_replicas', replicas),
    own('pending_replicas', 0),
    own('failing_replicas', 0),
    own('min_replicas', 1),
    own('max_replicas', 2 * replicas),
    own('needed_replicas', replicas),
    own('policy_valid', 1),
    own('cost_per_hour', 0.05),
    counter('swarm_autoscaler_replica_seconds_total', { service }, replicas),
    own('cpu_limit_cores', cpuLimit),
    own('memory_limit_bytes', memoryLimit),
    own('forecast_look_ahead_seconds', 600, { period: 'daily', mode: 'act' }),
    ...Object.entries(targets).map(([signal, value]) => own('target', value, { signal })),
    ...['up', 'down'].flatMap((direction) => [
      own('paused', 0, { direction }),
      own('cooldown_until_timestamp_seconds', 0, { direction }),
      own('last_scale_timestamp_seconds', 0, { direction }),
    ]),
    ...Array.from({ length: replicas }, (_, slot) => aReplica(service, index, slot + 1)).flat(),
  ]
}

function aReplica(service: string, index: number, slot: number): readonly Series[] {
  const id = `${index}`.padStart(6, '0') + `${slot}`.padStart(4, '0')
  const instance = `${service}.${slot}.task${id.padStart(21, 'x')}`
  const target = { service, instance, task_slot: `${slot}`, node: `node${(index + slot) % 20}` }
  const load = loadOf(index)
  return [
    constant('up', target, 1),
    ...requests(target, '200', load * targets.requests, isOneIn(20, index)),
    // Series of errors are there once there has been one.
    ...(isOneIn(10, index + 5) ? requests(target, '500', load, false) : []),
    ...container(service, instance, id, load),
  ]
}

const isOneIn = (count: number, index: number) => index % count === 0

/** Half of the requests take less than 5 ms; of the others, most are quick as well, or most are slow. */
function requests(target: Labels, code: string, perSecond: number, slow: boolean): readonly Series[] {
  const labels = { ...target, method: 'GET', route: '/', code }
  const name = 'http_request_duration_seconds'
  const within = slow ? 1 : 0.1
  const bucket = (bound: number) => {
    const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : `${bound}`
    return counter(`${name}_bucket`, { ...labels, le }, bound >= within ? perSecond : perSecond / 2)
  }
  return [
    ...buckets.map(bucket),
    counter(`${name}_sum`, labels, perSecond / 10),
    counter(`${name}_count`, labels, perSecond),
  ]
}

function container(service: string, task: string, id: string, load: number): readonly Series[] {
  const labels = {
    container_label_com_docker_swarm_service_id: `service${id}`,
    container_label_com_docker_swarm_service_name: service,
    container_label_com_docker_swarm_task_name: task,
    id: `/docker/${id.padStart(64, '0')}`,
    image: 'registry.example/shop/web:1.2.3',
    name: task,
  }
  const bytesPerSecond = (load * targets.network) / 4
  return [
    counter('container_cpu_usage_seconds_total', { ...labels, cpu: 'total' }, load * targets.cpu * cpuLimit),
    constant('container_memory_working_set_bytes', labels, load * targets.memory * memoryLimit),
    ...['eth0', 'eth1'].flatMap((name) => [
      counter('container_network_receive_bytes_total', { ...labels, interface: name }, bytesPerSecond),
      counter('container_network_transmit_bytes_total', { ...labels, interface: name }, bytesPerSecond),
    ]),
    constant('container_spec_cpu_period', labels, 100_000),
    constant('container_spec_cpu_quota', labels, cpuLimit * 100_000),
    constant('container_spec_cpu_shares', labels, 1_024),
    constant('container_spec_memory_limit_bytes', labels, memoryLimit),
  ]
}

function constant(name: string, labels: Labels, value: number): Series {
  return { head: head(name, labels), valueAt: () => value }
}

/** Grows by so much per second, swinging by a tenth within a minute. */
function counter(name: string, labels: Labels, perSecond: number): Series {
  const frequency = (2 * Math.PI) / 60
  const valueAt = (seconds: number) =>
    perSecond * (seconds + (0.1 * (1 - Math.cos(frequency * seconds))) / frequency)
  return { head: head(name, labels), valueAt }
}

function head(name: string, labels: Labels): string {
  const inside = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
  return `${name}{${inside.join()}}`
}
