import { hurriedDown } from '../support/demo/loop.ts'
import type { Cluster, ClusterNode } from '../support/testbed/cluster.ts'
import { lines } from '../support/testbed/docker.ts'
import { deployStack, type Stack } from '../support/testbed/stack.ts'
import { nodesOfRunning } from './running.ts'

/** The node label without which a node gets neither the receiver nor its socket proxy. */
const carriesReceiver = 'carries-receiver'

/** Three nodes share the processors of one machine: who is slow to answer there is not sick. */
const patient = { healthcheck: { timeout: '30s' } }

/** The bounds of the demo service. At the least it has a replica on each node: whichever dies, there is one that is measured. */
export const fewestReplicas = 3
export const mostReplicas = 10

/** The stack on a cluster, laid out so that the test knows which node's death means what. */
export interface PlacedStack {
  readonly stack: Stack
  /** Carries Prometheus, Alertmanager and the load. It must live. */
  readonly observers: ClusterNode
  /** Where the receiver's task runs that Swarm wants to run. Undefined: nowhere at this moment. */
  receiverNode(): Promise<ClusterNode | undefined>
  /** How many containers of the receiver run on `node`, wanted or not. */
  receiversOn(node: ClusterNode): Promise<number>
  /** The receiver's address while it runs on `node`. */
  receiverUrl(node: ClusterNode): string
}

/**
 * Deploys the stack with everything that observes on one node that does not lead, the receiver and its proxy on the other
 * one, and the leader left with replicas of the demo service alone. From then on the receiver may move to the leader's node.
 */
export async function placeStack(cluster: Cluster): Promise<PlacedStack> {
  const leader = await cluster.leader()
  const [observers, receiver] = cluster.nodes.filter((node) => node !== leader)
  if (observers === undefined || receiver === undefined) throw new Error('a cluster has three nodes')
  const carry = (node: ClusterNode, answer: 'yes' | 'no') =>
    leader.docker(['node', 'update', '--label-add', `${carriesReceiver}=${answer}`, node.name])
  await carry(observers, 'no')
  await carry(leader, 'no')
  await carry(receiver, 'yes')
  const stack = await deployStack(observers, {
    name: 'autoscaler',
    log: console.log,
    images: cluster.images,
    overrides: overrides(observers),
  })
  await carry(leader, 'yes')
  const { port } = new URL(stack.urls.receiver)
  return {
    stack,
    observers,
    async receiverNode() {
      const [node] = await nodesOfRunning(observers.docker, `${stack.name}_receiver`)
      return cluster.nodes.find(({ name }) => name === node)
    },
    async receiversOn({ docker }) {
      const filter = `label=com.docker.swarm.service.name=${stack.name}_receiver`
      return lines(await docker(['ps', '--quiet', '--filter', filter])).length
    },
    receiverUrl: ({ host }) => `http://${host}:${port}`,
  }
}

function overrides(observers: ClusterNode) {
  const at = (constraint: string) => ({ ...patient, deploy: { placement: { constraints: [constraint] } } })
  const withObservers = at(`node.hostname == ${observers.name}`)
  const withReceiver = at(`node.labels.${carriesReceiver} == yes`)
  return {
    services: {
      receiver: withReceiver,
      'socket-proxy': withReceiver,
      'discovery-proxy': withObservers,
      prometheus: withObservers,
      alertmanager: withObservers,
      // No signal that is measured by it is needed here.
      cadvisor: at('node.hostname == nowhere'),
      load: { deploy: withObservers.deploy, environment: { MAX_SECONDS: '3600' } },
      web: {
        // Ten of them that start a process every five seconds would keep the machine busy with that alone.
        healthcheck: { disable: true },
        deploy: {
          labels: {
            ...hurriedDown.services.web.deploy.labels,
            'autoscaler.min': `${fewestReplicas}`,
            'autoscaler.max': `${mostReplicas}`,
          },
        },
      },
    },
  }
}
