import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { JoinedEngine } from '../testbed/engine.ts'
import { freePorts } from '../testbed/free-ports.ts'
import { bedLabel } from '../testbed/plan.ts'
import { servicesRunning } from '../testbed/stack-ready.ts'
import { removeStack } from '../testbed/teardown.ts'
import { waitFor, within } from '../testbed/wait.ts'
import { repository } from '../testbed/work.ts'

/** What `GET /` of the load generator tells, as far as it is read here. See `test/support/load/load.ts`. */
export type LoadState = {
  readonly addresses: readonly string[]
  readonly inFlight: number
  /** The longest that the generator stood still since a rate was last asked for. */
  readonly lagMs: number
  readonly totals: Totals
}

export type Totals = Counts & {
  readonly slow: Counts
  readonly failures: Readonly<Record<string, number>>
  readonly ofStopping: { readonly cameBefore: number; readonly cameAfter: number }
}

type Counts = {
  readonly sent: number
  readonly ok: number
  readonly failed: number
  readonly skipped: number
  /** Not sent because the machine could do no more. */
  readonly withheld: number
}

export type DrainingStack = {
  /** The Swarm service under load. */
  readonly webService: string
  /** Requests per second, all replicas together; `slow` ones take 4 s and come on top. */
  setLoad(rates: { readonly quick: number; readonly slow: number }): Promise<void>
  load(): Promise<LoadState>
  close(): Promise<void>
}

/** In a stack file's words. */
type ServiceSpec = Readonly<Record<string, unknown>>

function shippedWeb(): ServiceSpec {
  const file = readFileSync(join(repository, 'docker-compose.yml'), 'utf8')
  const { services } = parse(file, { merge: true }) as { services: Readonly<Record<string, ServiceSpec>> }
  if (services['web'] === undefined) throw new Error('docker-compose.yml has no service web')
  return services['web']
}

/** Under a tag of its own, which the test bed sweeps from an engine that is not its own. */
async function buildWeb(engine: JoinedEngine): Promise<string> {
  const image = `swarm-autoscaler-drain-web:testbed-${engine.id.toLowerCase()}`
  // A private engine has no bridge network for builds.
  const network = engine.kind === 'private' ? ['--network=host'] : []
  await engine.docker(['build', '-q', ...network, '-t', image, join(repository, 'examples/web')], {
    timeoutMs: 600_000,
  })
  return image
}

function stackFile(engine: JoinedEngine, name: string, image: string, loadPort: number, web: ServiceSpec) {
  const deploy = { endpoint_mode: 'dnsrr', labels: { [bedLabel]: engine.id } }
  return {
    version: '3.8',
    services: {
      web: {
        ...shippedWeb(),
        ...web,
        image,
        networks: ['drain'],
        ports: [],
        // Without the labels of the autoscaler: nobody but the test scales it.
        deploy: { ...deploy, replicas: 2 },
      },
      load: {
        image,
        entrypoint: ['node', '/load/load.ts'],
        configs: [{ source: 'load', target: '/load/load.ts' }],
        // A request that is late is not lost; one to an address that is gone has failed by then for that reason.
        environment: { TIMEOUT_MS: '10000' },
        networks: ['drain'],
        ports: [{ target: 8090, published: loadPort, mode: 'host' }],
        healthcheck: { disable: true },
        deploy,
      },
    },
    networks: { drain: { driver: 'overlay' } },
    configs: { load: { name: `${name}-load`, file: join(repository, 'test/support/load/load.ts') } },
  }
}

/**
 * The demo service as docker-compose.yml has it, changed by `web`, with two replicas, and the load generator: both in an
 * overlay network of their own. No load is on it yet.
 */
export async function deployDrainingStack(
  engine: JoinedEngine,
  name: string,
  web: ServiceSpec = {},
): Promise<DrainingStack> {
  const image = await buildWeb(engine)
  const [loadPort = 0] = await freePorts(1)
  const loadUrl = `http://${engine.host}:${loadPort}`
  const close = () => removeStack(engine.docker, name)
  const ask = async (path: string, options: RequestInit = {}) => {
    const response = await fetch(`${loadUrl}${path}`, options)
    if (!response.ok) throw new Error(`the load generator: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const askSoon = (path: string, options: RequestInit = {}) =>
    within((signal) => ask(path, { ...options, signal }), { for: 'the load generator', timeoutMs: 5_000 })
  const load = () => askSoon('/') as Promise<LoadState>
  try {
    await engine.docker(['stack', 'deploy', '--resolve-image', 'never', '--compose-file', '-', name], {
      cwd: repository,
      // JSON is YAML as well.
      input: JSON.stringify(stackFile(engine, name, image, loadPort, web)),
    })
    await servicesRunning(engine.docker, name, new AbortController().signal)
    await waitFor(load, { for: 'the load generator', timeoutMs: 15_000 })
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
  const webService = `${name}_web`
  return {
    webService,
    load,
    setLoad: async ({ quick, slow }) => {
      await askSoon('/rate', { method: 'PUT', body: `${quick}` })
      await askSoon('/slow-rate', { method: 'PUT', body: `${slow}` })
    },
    close,
  }
}
