import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BuiltImages, buildImages } from './built-images.ts'
import { failAfter } from './clean-up.ts'
import type { JoinedEngine } from './engine.ts'
import { freePorts } from './free-ports.ts'
import { discovered, servicesRunning } from './stack-ready.ts'
import { removeStack } from './teardown.ts'
import { waitFor, within } from './wait.ts'
import { type Log, newWork, repository } from './work.ts'

type StackUrls = {
  readonly receiver: string
  readonly prometheus: string
  readonly alertmanager: string
  /** The load generator's control, see `test/support/load/load.ts`. */
  readonly load: string
}

export type Stack = {
  /** On an engine that is not ours, the given name with the bed's id: volumes of an earlier stack are not touched. */
  readonly name: string
  /** The Swarm service to scale. */
  readonly webService: string
  readonly urls: StackUrls
  /** Requests per second on the demo service, all replicas together. */
  setLoad(requestsPerSecond: number): Promise<void>
  /** The same for requests that the demo service answers late, after the load generator's `SLOW_MS`. They come on top. */
  setSlowLoad(requestsPerSecond: number): Promise<void>
  /** Removes the stack and waits until the next one of that name can be deployed. */
  close(): Promise<void>
}

export type StackOptions = {
  readonly name: string
  readonly log: Log
  /** Merged into the stack file, in the stack file's words: `{services: {web: {deploy: {labels: {…}}}}}`. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Default: they are built. */
  readonly images?: BuiltImages
  readonly signal?: AbortSignal
}

async function writeOverrides(directory: string, overrides: StackOptions['overrides']): Promise<string> {
  const path = join(directory, 'overrides.yml')
  // JSON is YAML as well.
  await writeFile(path, JSON.stringify({ version: '3.8', ...overrides }))
  return path
}

async function deploy(
  engine: JoinedEngine,
  name: string,
  env: Readonly<Record<string, string>>,
  overrides: StackOptions['overrides'],
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'swarm-autoscaler-'))
  try {
    const files = ['docker-compose.yml', join(import.meta.dirname, 'stack.override.yml')]
    if (overrides !== undefined) files.push(await writeOverrides(directory, overrides))
    const arguments_ = [
      ...files.flatMap((file) => ['--compose-file', file]),
      '--resolve-image',
      'never',
      name,
    ]
    await engine.docker(['stack', 'deploy', ...arguments_], { cwd: repository, env })
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function putRate(
  loadUrl: string,
  requestsPerSecond: number,
  path: '/rate' | '/slow-rate' = '/rate',
): Promise<void> {
  const put = (signal: AbortSignal) =>
    fetch(`${loadUrl}${path}`, { method: 'PUT', body: String(requestsPerSecond), signal })
  const response = await within(put, { for: 'the load generator', timeoutMs: 5_000 })
  if (!response.ok)
    throw new Error(`the load generator refuses ${requestsPerSecond}: ${await response.text()}`)
}

/**
 * Deploys the real docker-compose.yml with `stack.override.yml`, and waits until all of it runs and Prometheus measures the
 * receiver and the demo service. No load is on it then.
 */
export async function deployStack(engine: JoinedEngine, options: StackOptions): Promise<Stack> {
  const work = newWork(options.log, options.signal)
  const name = engine.kind === 'private' ? options.name : `${options.name}-${engine.id.toLowerCase()}`
  const images = options.images ?? (await buildImages(engine, work))
  const [receiver, prometheus, alertmanager, load, grafana] = await freePorts(5)
  const socket = engine.socket ?? engine.dockerHost.slice('unix://'.length)
  const env = {
    ...images,
    DOCKER_SOCKET: socket,
    DOCKER_RUN: dirname(socket),
    // The machine may have no disks by name, and a folder must be there to be mounted.
    DISKS: dirname(socket),
    DOCKER_DATA: (await engine.docker(['info', '--format', '{{.DockerRootDir}}'])).trim(),
    TESTBED_ID: engine.id,
    CONFIG_VERSION: engine.id,
    RECEIVER_PORT: `${receiver}`,
    PROMETHEUS_PORT: `${prometheus}`,
    ALERTMANAGER_PORT: `${alertmanager}`,
    LOAD_PORT: `${load}`,
    GRAFANA_PORT: `${grafana}`,
    WEB_PORT: '0',
  }
  const url = (port: number | undefined) => `http://${engine.host}:${port}`
  const urls = {
    receiver: url(receiver),
    prometheus: url(prometheus),
    alertmanager: url(alertmanager),
    load: url(load),
  }

  const close = () => work.step(`stack: removing ${name}`, () => removeStack(engine.docker, name))
  try {
    await work.step(`stack: deploying ${name}`, () => deploy(engine, name, env, options.overrides))
    await work.step('stack: waiting for its services', () =>
      servicesRunning(engine.docker, name, work.signal),
    )
    await work.step('stack: waiting for Prometheus to measure them', () =>
      discovered(urls.prometheus, `${name}_web`, work.signal),
    )
    await waitFor(() => putRate(urls.load, 0).then(() => true), {
      for: 'the load generator',
      timeoutMs: 15_000,
      signal: work.signal,
    })
  } catch (error) {
    return failAfter(error, close, options.log)
  }
  return {
    name,
    webService: `${name}_web`,
    urls,
    setLoad: (rate) => putRate(urls.load, rate),
    setSlowLoad: (rate) => putRate(urls.load, rate, '/slow-rate'),
    close,
  }
}
