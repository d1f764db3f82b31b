import { readFileSync } from 'node:fs'
import { makeBed, planPrivate, sweep } from './bed.ts'
import { type Docker, dockerOn, machineDockerOn } from './docker.ts'
import { foreignImages } from './image-names.ts'
import { copyImages, getImages } from './images.ts'
import { newDirectory, type Plan } from './plan.ts'
import { pidFile, requirePrivateEngine, startNode, startPrivateEngines } from './private-engine.ts'
import { terminate } from './processes.ts'
import { findReachableEngine } from './reachable-engine.ts'
import { type Log, newWork, type Work } from './work.ts'

/** What another process needs to use an engine that this one has opened; it can be sent as JSON. */
export type EngineAddress = {
  readonly id: string
  readonly kind: 'private' | 'reachable'
  /** As in the environment variable DOCKER_HOST. */
  readonly dockerHost: string
  /** Path of the engine's socket, for its containers. Default: the path in `dockerHost`. */
  readonly socket?: string
  readonly nodeId: string
  /** Where a port that a container publishes in host mode is reached from here. */
  readonly host: string
}

export type JoinedEngine = EngineAddress & { readonly docker: Docker }

export type Engine = JoinedEngine & {
  readonly address: EngineAddress
  /** Takes down everything that was made, stacks and images included, and waits for that. */
  close(): Promise<void>
}

/** Uses an engine that another process has opened, and takes down. */
export function joinEngine(address: EngineAddress): JoinedEngine {
  const { kind, dockerHost } = address
  // The private engine's client has no buildx, and its builder needs none.
  const docker =
    kind === 'private' ? dockerOn(dockerHost, { DOCKER_BUILDKIT: '0' }) : machineDockerOn(dockerHost)
  return { ...address, docker }
}

async function choosePlan(work: Work): Promise<Plan> {
  const found = await findReachableEngine(work)
  if ('dockerHost' in found) {
    work.log(`engine: using the one at ${found.dockerHost}`)
    return { ...newDirectory(), kind: 'reachable', dockerHost: found.dockerHost }
  }
  work.log(`engine: a private one, since ${found.reason}`)
  requirePrivateEngine(found.reason)
  return planPrivate(1)
}

/** `fill` has a private engine get its images. Default: as the machine can. */
async function start(plan: Plan, work: Work, fill?: () => Promise<void>): Promise<EngineAddress> {
  const at =
    plan.kind === 'private'
      ? { dockerHost: plan.nodes[0].dockerHost, host: plan.nodes[0].address }
      : { dockerHost: plan.dockerHost, host: '127.0.0.1' }
  const address = { id: plan.id, kind: plan.kind, nodeId: '', ...at }
  const { docker } = joinEngine(address)
  if (plan.kind === 'private') {
    await startPrivateEngines(plan, work)
    await (fill?.() ?? getImages(docker, plan.directory, work))
  }
  return { ...address, nodeId: (await docker(['info', '--format', '{{.Swarm.NodeID}}'])).trim() }
}

/**
 * A Docker engine that is a Swarm manager and has the images that the stack needs: the one that the docker command uses where
 * that serves, else a private one that is made for the purpose. However this process ends, all of it is taken down.
 *
 * Rejects with `Unavailable` where neither can be had; the message says what to do about it.
 */
export async function openEngine(options: {
  readonly log: Log
  readonly signal?: AbortSignal
}): Promise<Engine> {
  const work = newWork(options.log, options.signal)
  await sweep(work)
  const plan = await choosePlan(work)
  const { made, close } = await makeBed(plan, work, () => start(plan, work))
  return { ...joinEngine(made), address: made, close }
}

/**
 * Another engine with the same images, so that what runs on the one is not seen by the other. Beside one that is not ours there
 * is none: it is that same one, and whoever uses it must take turns.
 */
export async function openEngineBeside(
  first: Engine,
  options: { readonly log: Log; readonly signal?: AbortSignal },
): Promise<Engine> {
  if (first.address.kind === 'reachable') return { ...first, close: async () => {} }
  const work = newWork(options.log, options.signal)
  const plan = planPrivate(1)
  const { made, close } = await makeBed(plan, work, async () => {
    const copy = () =>
      copyImages(first.dockerHost, plan.nodes[0].dockerHost, [...foreignImages().values()], work)
    return start(plan, work, () => work.step('images: copied from the other engine', copy))
  })
  return { ...joinEngine(made), address: made, close }
}

/** An engine of one's own, which can be restarted as `systemctl restart docker` does it: its containers end, its swarm stays. */
export type RestartableEngine = Engine & { restart(): Promise<void> }

/** As `openEngine`, for a private engine whatever else can be reached. */
export async function openRestartableEngine(options: {
  readonly log: Log
  readonly signal?: AbortSignal
}): Promise<RestartableEngine> {
  const work = newWork(options.log, options.signal)
  requirePrivateEngine('an engine that others use is not restarted')
  await sweep(work)
  const plan = planPrivate(1)
  const { made, close } = await makeBed(plan, work, () => start(plan, work))
  const [node] = plan.nodes
  const restart = async () => {
    if (!(await terminate(Number(readFileSync(pidFile(node), 'utf8')), 60_000)))
      throw new Error('dockerd does not end')
    await startNode(node, work.signal)
  }
  return { ...joinEngine(made), address: made, close, restart }
}
