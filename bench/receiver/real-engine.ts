import Docker from 'dockerode'
import pLimit from 'p-limit'
import { makeBed, planPrivate, sweep } from '../../test/support/testbed/bed.ts'
import { requirePrivateEngine, startPrivateEngines } from '../../test/support/testbed/private-engine.ts'
import { newWork } from '../../test/support/testbed/work.ts'
import type { Say } from './measurement.ts'

/** A real engine, a Swarm manager, with services whose tasks no node may take: what is measured is the calls, and no container. */
export interface RealEngine {
  readonly dockerHost: string
  readonly docker: Docker
  /** Creates this number of services without replicas. Resolves with their names. `labels`: whole keys. */
  readonly create: (
    count: number,
    prefix: string,
    labels?: Record<string, string>,
  ) => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** Most services that are made or changed at once where that is not what is measured. */
const atOnce = 10

/** Throws `Unavailable` where this machine cannot carry one. */
export async function openRealEngine(say: Say): Promise<RealEngine> {
  requirePrivateEngine('a bench must not disturb the services of an engine that is in use')
  const work = newWork(say)
  await sweep(work)
  const plan = planPrivate(1)
  const { close } = await makeBed(plan, work, () => startPrivateEngines(plan, work))
  const { dockerHost } = plan.nodes[0]
  const docker = new Docker({ socketPath: dockerHost.slice('unix://'.length) })
  const create = async (count: number, prefix: string, labels: Record<string, string> = {}) => {
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
    await pLimit(atOnce).map(names, (Name) => docker.createService(aService(Name, labels)))
    return names
  }
  return { dockerHost, docker, create, close }
}

function aService(Name: string, Labels: Record<string, string>): Docker.CreateServiceOptions {
  return {
    Name,
    Labels,
    Mode: { Replicated: { Replicas: 0 } },
    TaskTemplate: {
      ContainerSpec: { Image: 'registry.example.com/shop/web:1.42.0' },
      Placement: { Constraints: ['node.labels.nowhere == true'] },
    },
  }
}

/** The labels that opt in, without any pause between two changes. */
export const optedIn = {
  'autoscaler.enable': 'true',
  'autoscaler.min': '0',
  'autoscaler.max': '20',
  'autoscaler.up.cooldown': '0s',
  'autoscaler.down.cooldown': '0s',
}

/** The two calls that a change takes at least: the service is read, and written with other replicas. */
export async function readAndUpdate(docker: Docker, name: string, replicas: number): Promise<void> {
  const service = docker.getService(name)
  const { Version, Spec } = await service.inspect()
  const Mode = { Replicated: { Replicas: replicas } }
  await service.update({ _query: { version: Version.Index }, _body: { ...Spec, Mode } })
}

/** Brings services back to no replicas. */
export async function reset(docker: Docker, names: readonly string[]): Promise<void> {
  const again = async (name: string): Promise<void> => {
    try {
      await readAndUpdate(docker, name, 0)
    } catch (error) {
      if (!String(error).includes('out of sequence')) throw error
      await again(name)
    }
  }
  await pLimit(atOnce).map(names, again)
}
