import { join } from 'node:path'
import { type Docker, dockerOn } from './docker.ts'
import { pullImages } from './images.ts'
import { keep } from './keep.ts'
import { planNetwork } from './network.ts'
import { newDirectory, type Plan, readPlans } from './plan.ts'
import { requirePrivateEngine, startPrivateEngine } from './private-engine.ts'
import { startTicks } from './processes.ts'
import { findReachableEngine } from './reachable-engine.ts'
import { makeStandIns } from './stand-ins.ts'
import { tearDown } from './teardown.ts'
import { type Log, newWork, type Work } from './work.ts'

/** What another process needs to use an engine that this one has opened; it can be sent as JSON. */
export type EngineAddress = {
  readonly id: string
  readonly kind: 'private' | 'reachable'
  /** As in the environment variable DOCKER_HOST. */
  readonly dockerHost: string
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
  // The private engine's client may have no buildx, and its builder needs none.
  const environment: Record<string, string> = address.kind === 'private' ? { DOCKER_BUILDKIT: '0' } : {}
  return { ...address, docker: dockerOn(address.dockerHost, environment) }
}

/** Takes down what a crash, of the machine or of a keeper, has left behind. */
async function sweep(work: Work): Promise<void> {
  for (const { plan, keeper } of readPlans()) {
    if (startTicks(keeper.pid) === keeper.startTicks) continue
    await work
      .step(`engine: taking down ${plan.directory}, left over from a crash`, () => tearDown(plan))
      .catch((error: unknown) => work.log(`engine: ${plan.directory} stays: ${error}`))
  }
}

async function choosePlan(work: Work): Promise<Plan> {
  const found = await findReachableEngine(work)
  if ('dockerHost' in found) {
    work.log(`engine: using the one at ${found.dockerHost}`)
    return { ...newDirectory(), kind: 'reachable', dockerHost: found.dockerHost }
  }
  work.log(`engine: a private one, since ${found.reason}`)
  requirePrivateEngine(found.reason)
  const { directory, id } = newDirectory()
  const dockerHost = `unix://${join(directory, 'docker.sock')}`
  return { id, directory, kind: 'private', dockerHost, network: planNetwork(id) }
}

async function start(plan: Plan, work: Work): Promise<EngineAddress> {
  const host = plan.kind === 'private' ? plan.network.engineAddress : '127.0.0.1'
  const address = { id: plan.id, kind: plan.kind, dockerHost: plan.dockerHost, nodeId: '', host } as const
  const { docker } = joinEngine(address)
  if (plan.kind === 'private') {
    await startPrivateEngine(plan, work)
    const images = await pullImages(docker, work)
    if (images !== 'pulled') {
      work.log(`images: stand-ins, since ${images.reason}`)
      await makeStandIns(docker, plan.directory, work)
    }
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
  const keeper = await keep(plan)
  try {
    const address = await start(plan, work)
    const close = () => work.step('engine: taking everything down', () => keeper.release())
    return { ...joinEngine(address), address, close }
  } catch (error) {
    await keeper.release()
    throw error
  }
}
