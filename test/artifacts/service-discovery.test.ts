import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { runTool } from '../support/tools/run-tool.ts'
import { PROMETHEUS_CONFIG } from './shipped-files.ts'

const network = (id: string, labels: Record<string, string>) => ({
  Id: id,
  Name: id,
  Scope: 'swarm',
  Labels: labels,
})

const service = (name: string, labels: Record<string, string>, publishedPorts: readonly number[] = []) => ({
  ID: `id-${name}`,
  Spec: {
    Name: name,
    Labels: labels,
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: { ContainerSpec: {} },
  },
  Endpoint: {
    Ports: publishedPorts.map((port) => ({ Protocol: 'tcp', TargetPort: 3000, PublishedPort: port })),
  },
})

const task = (
  id: string,
  name: string,
  slot: number,
  addresses: Record<string, string>,
  desired = 'running',
) => ({
  ID: id,
  ServiceID: `id-${name}`,
  NodeID: 'node-1',
  Slot: slot,
  DesiredState: desired,
  Spec: { ContainerSpec: {} },
  Status: { State: 'running', PortStatus: {} },
  NetworksAttachments: Object.entries(addresses).map(([ID, ip]) => ({
    Network: { ID },
    Addresses: [`${ip}/24`],
  })),
})

const scraped = { 'prometheus.scrape': 'true' }

/** What the engine answers, by the end of the path. */
const SWARM = {
  _ping: {},
  nodes: [
    { ID: 'node-1', Description: { Hostname: 'alpha', Platform: {}, Engine: {} }, Spec: {}, Status: {} },
  ],
  networks: [network('scrape', { 'autoscaler.scrape': 'true' }), network('backend', {})],
  services: [
    service('web', { ...scraped, 'prometheus.port': '3000', 'prometheus.path': '/stats' }, [8080, 8443]),
    service('plain', scraped, [9000]),
    service('private', { 'prometheus.port': '3000' }),
    service('elsewhere', { ...scraped, 'prometheus.port': '3000' }),
  ],
  tasks: [
    task('t1', 'web', 1, { scrape: '10.0.1.1', backend: '10.0.2.1' }),
    // The same slot in a start-first update: the new task beside the old.
    task('t2', 'web', 1, { scrape: '10.0.1.2', backend: '10.0.2.2' }),
    task('t3', 'web', 2, { scrape: '10.0.1.3' }, 'shutdown'),
    task('t4', 'plain', 1, { scrape: '10.0.1.4' }),
    task('t5', 'private', 1, { scrape: '10.0.1.5' }),
    task('t6', 'elsewhere', 1, { backend: '10.0.2.6' }),
  ],
}

const engine = createServer((request, response) => {
  const kind = new URL(request.url ?? '/', 'http://engine').pathname.split('/').at(-1) ?? ''
  response.setHeader('Api-Version', '1.44').setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(SWARM[kind as keyof typeof SWARM] ?? {}))
})

const folder = mkdtempSync(join(tmpdir(), 'swarm-autoscaler-discovery-'))
const config = join(folder, 'prometheus.yml')

beforeAll(async () => {
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve))
  const { port } = engine.address() as AddressInfo
  const shipped = readFileSync(PROMETHEUS_CONFIG, 'utf8')
  writeFileSync(config, shipped.replace('tcp://discovery-proxy:2375', `tcp://127.0.0.1:${port}`))
})

afterAll(() => {
  engine.closeAllConnections()
  engine.close()
  rmSync(folder, { recursive: true })
})

const SHOWN = ['__address__', '__metrics_path__', 'instance', 'service', 'task_slot', 'node', 'job'] as const

/** A target as promtool reports it; a dropped one has no labels left. */
const Discovered = z.array(z.object({ labels: z.record(z.string(), z.string()).nullish() }))

/** What promtool discovers of the job in so many seconds: it collects for as long, whatever it has found before. */
async function discover(promtool: string, seconds: number): Promise<readonly string[]> {
  const command = ['check', 'service-discovery', `--timeout=${seconds}s`, config, 'swarm-tasks']
  const { exitCode, output } = await runTool(promtool, command)
  expect(exitCode, output).toBe(0)
  const seen = new Set<string>()
  for (const { labels } of Discovered.parse(JSON.parse(output))) {
    if (labels?.['__address__'] !== undefined) seen.add(SHOWN.map((name) => labels[name]).join(' '))
  }
  return [...seen].sort()
}

await describeWithTools('the job swarm-tasks', ({ promtool }) => {
  it('scrapes each running replica of the services that ask for it, once, on the shared network', async () => {
    const soon = await discover(promtool, 3)
    // On a busy machine it may not have begun by then.
    const seen = soon.length > 0 ? soon : await discover(promtool, 30)
    expect(seen).toEqual([
      '10.0.1.1:3000 /stats web.1.t1 web 1 alpha swarm-tasks',
      '10.0.1.2:3000 /stats web.1.t2 web 1 alpha swarm-tasks',
      '10.0.1.4:9000 /metrics plain.1.t4 plain 1 alpha swarm-tasks',
    ])
  })
})
