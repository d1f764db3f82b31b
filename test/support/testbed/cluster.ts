import { type ChildProcess, spawn } from 'node:child_process'
import { makeBed, planPrivate, sweep } from './bed.ts'
import { type BuiltImages, buildImages } from './built-images.ts'
import { type EngineAddress, type JoinedEngine, joinEngine } from './engine.ts'
import { foreignImages } from './image-names.ts'
import { copyImages, getImages } from './images.ts'
import { connectNode, disconnectNode, namespacePath, setLink } from './network.ts'
import type { NetworkPlan, NodePlan, PrivatePlan } from './plan.ts'
import { requirePrivateEngine, socketOnNodes, startNode, startPrivateEngines } from './private-engine.ts'
import { killAll, processesInside } from './processes.ts'
import { waitFor } from './wait.ts'
import { type Log, newWork, type Work } from './work.ts'

/** What another process needs to use a cluster that this one has opened; it can be sent as JSON. */
export type ClusterAddress = {
  readonly network: NetworkPlan
  readonly nodes: readonly { readonly plan: NodePlan; readonly engine: EngineAddress }[]
  readonly images: BuiltImages
}

/** A manager with an address of its own, as a machine that can fail. */
export type ClusterNode = JoinedEngine & {
  /** Its host name, as `docker node ls` has it. */
  readonly name: string
  /** Ends every process of the machine with SIGKILL: the engine and its containers. Its disk stays. */
  kill(): Promise<void>
  /** Boots the machine again after `kill`, and waits until its engine answers. */
  start(): Promise<void>
  /** Cuts its link to everybody. What runs on it goes on, and its engine can be reached by its socket. */
  cutOff(): Promise<void>
  /** Undoes `cutOff`. */
  mend(): Promise<void>
  /** Starts a program in its network, with no other environment than the given one. It ends with the machine at the latest. */
  spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess
}

/** Three managers of one swarm. */
export type Cluster = {
  readonly nodes: readonly ClusterNode[]
  readonly images: BuiltImages
  /** The manager that leads, as the others see it. Waits for one to be elected. */
  leader(): Promise<ClusterNode>
  /** Waits until every node is ready and every manager is in touch with the others. */
  whole(): Promise<void>
}

function joinNode(network: NetworkPlan, plan: NodePlan, engine: EngineAddress): ClusterNode {
  return {
    ...joinEngine(engine),
    name: plan.name,
    kill: () => killAll(() => processesInside(namespacePath(plan), plan.directory)),
    async start() {
      // As after a boot, nothing is left of the network that the engine had made for its containers.
      await disconnectNode(plan)
      await connectNode(network, plan)
      await startNode(plan)
    },
    cutOff: () => setLink(plan, 'down'),
    mend: () => setLink(plan, 'up'),
    spawn: (command, args, env) =>
      spawn('nsenter', [`--net=${namespacePath(plan)}`, command, ...args], {
        env: { PATH: process.env['PATH'] ?? '', ...env },
      }),
  }
}

type NodeState = { readonly hostname: string; readonly status: string; readonly manager: string }

/** `docker node ls`, asked of the first that answers: one without a quorum does not. */
async function nodeStates(nodes: readonly ClusterNode[]): Promise<readonly NodeState[]> {
  const format = '{"hostname":"{{.Hostname}}","status":"{{.Status}}","manager":"{{.ManagerStatus}}"}'
  const ask = ({ docker }: ClusterNode) => docker(['node', 'ls', '--format', format], { timeoutMs: 5_000 })
  const output = await Promise.any(nodes.map(ask))
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Uses a cluster that another process has opened, and takes down. */
export function joinCluster(address: ClusterAddress): Cluster {
  const nodes = address.nodes.map(({ plan, engine }) => joinNode(address.network, plan, engine))
  return {
    nodes,
    images: address.images,
    leader: () =>
      waitFor(
        async () => {
          const leading = (await nodeStates(nodes)).find(({ manager }) => manager === 'Leader')
          return nodes.find(({ name }) => name === leading?.hostname)
        },
        { for: 'a leader', timeoutMs: 60_000 },
      ),
    async whole() {
      let states: readonly NodeState[] = []
      const isWell = ({ status, manager }: NodeState) =>
        status === 'Ready' && ['Leader', 'Reachable'].includes(manager)
      await waitFor(
        async () => {
          states = await nodeStates(nodes)
          return states.length === nodes.length && states.every(isWell) ? true : undefined
        },
        { for: 'all managers', timeoutMs: 120_000, explain: async () => JSON.stringify(states) },
      )
    },
  }
}

/** Images are got and built on the first node, and go to the others from there. */
async function furnish(plan: PrivatePlan, first: JoinedEngine, work: Work): Promise<BuiltImages> {
  await getImages(first.docker, plan.directory, work)
  const images = await buildImages(first, work)
  const all = [...foreignImages().values(), ...Object.values(images)]
  await work.step('images: copying them to the other nodes', async () => {
    for (const { dockerHost } of plan.nodes.slice(1))
      await copyImages(first.dockerHost, dockerHost, all, work)
  })
  return images
}

async function start(plan: PrivatePlan, work: Work): Promise<ClusterAddress> {
  await startPrivateEngines(plan, work)
  const nodes = plan.nodes.map(async (node) => {
    const { dockerHost, address: host } = node
    const engine = { id: plan.id, kind: plan.kind, dockerHost, socket: socketOnNodes, nodeId: '', host }
    const { docker } = joinEngine(engine)
    const nodeId = (await docker(['info', '--format', '{{.Swarm.NodeID}}'])).trim()
    return { plan: node, engine: { ...engine, nodeId } }
  })
  const [first, ...others] = await Promise.all(nodes)
  if (first === undefined) throw new Error('a cluster without nodes')
  const images = await furnish(plan, joinEngine(first.engine), work)
  return { network: plan.network, nodes: [first, ...others], images }
}

/**
 * Three private engines, all of them managers of one swarm, with the images that the stack needs. However this process ends,
 * all of it is taken down. Rejects with `Unavailable` where this machine cannot carry it.
 */
export async function openCluster(options: {
  readonly log: Log
  readonly signal?: AbortSignal
}): Promise<{ readonly address: ClusterAddress; readonly close: () => Promise<void> }> {
  const work = newWork(options.log, options.signal)
  requirePrivateEngine('a cluster is made of private engines')
  await sweep(work)
  const plan = planPrivate(3)
  const { made, close } = await makeBed(plan, work, () => start(plan, work))
  return { address: made, close }
}
