/**
 * A stand-in for cAdvisor, of the test bed only: the stack file ships the real one. The numbers are real, read from the
 * containers' cgroups; names, labels and habits are cAdvisor's, as far as the rules depend on them.
 *
 * As there, each container is looked at by a clock of its own, every one to two `--housekeeping_interval`s, and on a scrape
 * only where that asks for it with `max_age`; a sample carries the time at which it was taken. It reads /sys/fs/cgroup (v1 or
 * v2), /rootfs/proc and the Docker socket.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

type Sample = { readonly name: string; readonly labels: string; readonly value: number }
type Inspected = {
  readonly Id: string
  readonly Name: string
  readonly Config: { readonly Image: string; readonly Labels: Readonly<Record<string, string>> }
  readonly State: { readonly Pid: number }
  readonly HostConfig: { readonly NanoCpus: number; readonly CpuShares: number; readonly Memory: number }
}

const cgroups = '/sys/fs/cgroup'
const exportedLabels = ['service.name', 'service.id', 'task.name'].map((key) => `com.docker.swarm.${key}`)
const flag = process.argv.find((argument) => argument.startsWith('--housekeeping_interval='))
const housekeepingMs = 1_000 * Number.parseFloat(flag?.split('=')[1] ?? '1s')
const cpuPeriod = 100_000

async function docker<T>(path: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request({ socketPath: '/var/run/docker.sock', path }, resolve).once('error', reject).end()
  const response = await promise
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${body}`)
  return JSON.parse(body)
}

/** The content of the first of these files that is there: v1 first, then v2. */
function read(...files: readonly string[]): string {
  for (const file of files) {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      // Of the other version.
    }
  }
  throw new Error(`none of ${files.join(', ')}`)
}

/** From "key 12" lines. */
function keyed(content: string, ...keys: readonly string[]): number {
  const line = content.split('\n').find((each) => keys.includes(each.split(' ')[0] ?? ''))
  return Number(line?.split(' ')[1] ?? 0)
}

/** A container's cgroup below the root of its hierarchy, as either of Docker's cgroup drivers names it. */
function cgroupOf(id: string): string {
  const names = [`/docker/${id}`, `/system.slice/docker-${id}.scope`]
  const isThere = (name: string) =>
    existsSync(join(cgroups, 'cpuacct', name)) || existsSync(join(cgroups, name))
  const found = names.find(isThere)
  if (found === undefined) throw new Error(`no cgroup ${names.join(' or ')}`)
  return found
}

function cpuSeconds(cgroup: string): number {
  const v1 = join(cgroups, 'cpuacct', cgroup, 'cpuacct.usage')
  const content = read(v1, join(cgroups, cgroup, 'cpu.stat'))
  return content.includes('usage_usec') ? keyed(content, 'usage_usec') / 1e6 : Number(content) / 1e9
}

/** As cAdvisor reckons it: all but the pages of files that were not used lately. */
function workingSet(cgroup: string): number {
  const [v1, v2] = [join(cgroups, 'memory', cgroup), join(cgroups, cgroup)]
  const usage = Number(read(join(v1, 'memory.usage_in_bytes'), join(v2, 'memory.current')))
  const stat = read(join(v1, 'memory.stat'), join(v2, 'memory.stat'))
  return Math.max(0, usage - (keyed(stat, 'total_inactive_file') || keyed(stat, 'inactive_file')))
}

function network(pid: number): readonly Sample[] {
  return read(`/rootfs/proc/${pid}/net/dev`)
    .split('\n')
    .flatMap((line) => {
      const [, name = '', numbers = ''] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? []
      if (name === '' || /^(lo|veth|docker|nerdctl)/.test(name)) return []
      const [received, , , , , , , , sent] = numbers.split(/\s+/).map(Number)
      const labels = `,interface="${name}"`
      return [
        { name: 'container_network_receive_bytes_total', labels, value: received ?? 0 },
        { name: 'container_network_transmit_bytes_total', labels, value: sent ?? 0 },
      ]
    })
}

function samplesOf({ State, HostConfig }: Inspected, cgroup: string): readonly Sample[] {
  const { NanoCpus, CpuShares, Memory } = HostConfig
  // Only where a limit is set.
  const quota = [
    { name: 'container_spec_cpu_period', labels: '', value: cpuPeriod },
    { name: 'container_spec_cpu_quota', labels: '', value: (NanoCpus / 1e9) * cpuPeriod },
  ]
  return [
    { name: 'container_cpu_usage_seconds_total', labels: ',cpu="total"', value: cpuSeconds(cgroup) },
    { name: 'container_memory_working_set_bytes', labels: '', value: workingSet(cgroup) },
    ...network(State.Pid),
    { name: 'container_spec_cpu_shares', labels: '', value: CpuShares || 1_024 },
    ...(NanoCpus > 0 ? quota : []),
    { name: 'container_spec_memory_limit_bytes', labels: '', value: Memory },
  ]
}

function expose(container: Inspected): readonly string[] {
  const cgroup = cgroupOf(container.Id)
  const { Image, Labels } = container.Config
  const swarm = exportedLabels.map(
    (key) => `container_label_${key.replaceAll('.', '_')}="${Labels[key] ?? ''}"`,
  )
  const common = [...swarm, `id="${cgroup}"`, `image="${Image}"`, `name="${container.Name.slice(1)}"`].join()
  const atMs = Date.now()
  return samplesOf(container, cgroup).map(
    ({ name, labels, value }) => `${name}{${common}${labels}} ${value} ${atMs}`,
  )
}

/** A running container, and what was last seen of it. */
class Watched {
  readonly #container: Inspected
  #timer: NodeJS.Timeout | undefined
  lines: readonly string[] = []

  constructor(container: Inspected) {
    this.#container = container
    this.#housekeep()
  }

  look(): void {
    try {
      this.lines = expose(this.#container)
    } catch {
      // It has just ended: the next list will not have it.
    }
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #housekeep(): void {
    this.look()
    this.#timer = setTimeout(() => this.#housekeep(), housekeepingMs * (1 + Math.random()))
  }
}

const watched = new Map<string, Watched>()

async function follow(): Promise<void> {
  const running = await docker<readonly { readonly Id: string }[]>('/containers/json')
  const ids = new Set(running.map(({ Id }) => Id))
  for (const [id, container] of watched) {
    if (ids.has(id)) continue
    container.stop()
    watched.delete(id)
  }
  for (const id of ids) {
    if (!watched.has(id)) watched.set(id, new Watched(await docker<Inspected>(`/containers/${id}/json`)))
  }
}

function metrics(url: string): string {
  if (url.includes('max_age=')) for (const container of watched.values()) container.look()
  // The lines of one metric have to stand together.
  return `${[...watched.values()]
    .flatMap(({ lines }) => lines)
    .toSorted()
    .join('\n')}\n`
}

const server = createServer(({ url = '' }, response) => {
  if (url === '/healthz') response.end('ok')
  else if (url.startsWith('/metrics'))
    response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(metrics(url))
  else response.writeHead(404).end()
})
await follow()
server.listen(8080)
// A container may end between the list and the look at it.
setInterval(() => follow().catch((error) => console.error(error)), 1_000)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0))
