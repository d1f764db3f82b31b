import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { ClusterNode } from '../support/testbed/cluster.ts'
import { withSuiteDocker } from '../support/testbed/docker.ts'

/** One change of a service's replicas, as it came into the spec. */
export interface Change {
  readonly service: string
  readonly from: number
  readonly to: number
  readonly atMs: number
}

/** What the events of one manager tell of every service's replicas, the first one first. */
export interface Changes {
  of(service: string): readonly Change[]
  stop(): void
}

interface ServiceEvent {
  readonly timeNano: number
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/** Listens to one manager, which must not fail while it does. Knows everything that changes from now on. */
export function listen(node: ClusterNode): Changes {
  // What happens before the stream stands is told later, because of `--since`.
  const since = `${Date.now() / 1_000}`
  const filters = ['--filter', 'type=service', '--filter', 'event=update']
  const child = spawn('docker', ['events', '--since', since, ...filters, '--format', '{{json .}}'], {
    env: { ...process.env, ...withSuiteDocker(), DOCKER_HOST: node.dockerHost },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const changes: Change[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { timeNano, Actor } = JSON.parse(line) as ServiceEvent
    const { name = '', 'replicas.old': from, 'replicas.new': to } = Actor.Attributes
    if (from === undefined || to === undefined) return
    changes.push({ service: name, from: Number(from), to: Number(to), atMs: timeNano / 1e6 })
  })
  return {
    of: (service) => changes.filter((change) => change.service === service),
    stop: () => child.kill(),
  }
}
