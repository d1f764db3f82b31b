/**
 * A stand-in for cAdvisor, of the test bed only: the stack file ships the real one. The numbers are real, read from the
 * containers' cgroups; what it prints of them is what cAdvisor prints, for the families that the rules read and their neighbours.
 *
 * As there, each container is looked at by a clock of its own, every one to two `--housekeeping_interval`s, and on a scrape
 * only where that asks for it with `max_age`; a sample carries the time at which it was taken. It reads /sys/fs/cgroup (v1 or
 * v2), /rootfs/proc and the Docker socket.
 */
import { createServer } from 'node:http'
import type { Roots } from './cgroups.ts'
import { askDocker } from './docker.ts'
import { expose } from './exposition.ts'
import { type Inspected, lookAtContainer, lookAtMachine, lookAtRoot } from './look.ts'
import type { Sighting } from './sighting.ts'
import { Watched } from './watched.ts'

const roots: Roots = { cgroups: '/sys/fs/cgroup', proc: '/rootfs/proc' }
const machine = lookAtMachine('/rootfs/etc')
const flag = process.argv.find((argument) => argument.startsWith('--housekeeping_interval='))
const housekeepingMs = 1_000 * Number.parseFloat(flag?.split('=')[1] ?? '1s')

const root = new Watched(() => lookAtRoot(roots), housekeepingMs)
const containers = new Map<string, Watched>()

async function follow(): Promise<void> {
  const running = await askDocker<readonly { readonly Id: string }[]>('/containers/json')
  const ids = new Set(running.map(({ Id }) => Id))
  for (const [id, container] of containers) {
    if (ids.has(id)) continue
    container.stop()
    containers.delete(id)
  }
  for (const id of ids) {
    if (containers.has(id)) continue
    const inspected = await askDocker<Inspected>(`/containers/${id}/json`)
    containers.set(id, new Watched(() => lookAtContainer(inspected, roots), housekeepingMs))
  }
}

function metrics(url: string): string {
  const maxAge = new URL(url, 'http://cadvisor').searchParams.get('max_age')
  const maxAgeMs = maxAge === null ? Number.POSITIVE_INFINITY : 1_000 * Number.parseFloat(maxAge)
  const sightings = [root, ...containers.values()].map((watched) => watched.sighting(maxAgeMs))
  return expose(
    sightings.filter((sighting): sighting is Sighting => sighting !== undefined),
    machine,
  )
}

const server = createServer(({ url = '' }, response) => {
  if (url === '/healthz') response.end('ok')
  else if (/^\/metrics(\?|$)/.test(url))
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').end(metrics(url))
  else response.writeHead(404).end()
})
await follow()
server.listen(8080)
// A container may end between the list and the look at it.
setInterval(() => follow().catch((error) => console.error(error)), 1_000)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0))
