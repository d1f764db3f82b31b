import { readdirSync, readlinkSync, statSync } from 'node:fs'
import type { ReceiverProcess } from '../receiver-process.ts'

/** The state of one receiver at one moment. */
export interface Sample {
  /** In ms since the epoch. */
  readonly atMs: number
  readonly pid: number
  readonly rssBytes: number
  readonly heapBytes: number
  readonly externalBytes: number
  readonly descriptors: number
  readonly sockets: number
  readonly timers: number
  readonly connections: number
  readonly cpuSeconds: number
  readonly lagP99Seconds: number
  readonly recordBytes: number
  readonly dockerCalls: number
  readonly conflicts: number
  readonly applied: number
  readonly requests: number
  readonly serverErrors: number
}

export const sampleFields = [
  'atMs',
  'pid',
  'rssBytes',
  'heapBytes',
  'externalBytes',
  'descriptors',
  'sockets',
  'timers',
  'connections',
  'cpuSeconds',
  'lagP99Seconds',
  'recordBytes',
  'dockerCalls',
  'conflicts',
  'applied',
  'requests',
  'serverErrors',
] as const satisfies readonly (keyof Sample)[]

/** Scrapes a receiver whose history lies in `folder`, and reads its process. Rejects if it does not answer. */
export async function takeSample(receiver: ReceiverProcess, folder: string): Promise<Sample> {
  const response = await receiver.get('/metrics')
  const exposed = await response.text()
  const sum = (name: string, label = '') => sumOf(exposed, name, label)
  const own = (name: string, label?: string) => sum(`swarm_autoscaler_${name}`, label)
  return {
    atMs: Date.now(),
    pid: receiver.pid,
    rssBytes: sum('process_resident_memory_bytes'),
    heapBytes: sum('nodejs_heap_size_used_bytes'),
    externalBytes: sum('nodejs_external_memory_bytes'),
    ...descriptorsOf(receiver.pid),
    timers: sum('nodejs_active_resources', 'type="Timeout"'),
    connections: sum('nodejs_active_resources', 'type="TCPSocketWrap"'),
    cpuSeconds: sum('process_cpu_seconds_total'),
    lagP99Seconds: sum('nodejs_eventloop_lag_p99_seconds'),
    recordBytes: ['history.db', 'history.db-wal']
      .map((name) => sizeOf(`${folder}/data/${name}`))
      .reduce(add, 0),
    dockerCalls: own('docker_requests_total'),
    conflicts: own('docker_conflicts_total'),
    applied: own('scalings_total', 'outcome="applied"'),
    requests: own('http_request_duration_seconds_count'),
    serverErrors: own('http_request_duration_seconds_count', 'code="5'),
  }
}

/** The sum of all series of this name that have this text in their labels. */
export function sumOf(exposed: string, name: string, label: string): number {
  return exposed
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(label)))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))))
    .reduce(add, 0)
}

function descriptorsOf(pid: number): { readonly descriptors: number; readonly sockets: number } {
  const folder = `/proc/${pid}/fd`
  const open = readdirSync(folder)
  const isSocket = (descriptor: string) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`).startsWith('socket:')
    } catch {
      return false
    }
  }
  return { descriptors: open.length, sockets: open.filter(isSocket).length }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function add(a: number, b: number): number {
  return a + b
}
