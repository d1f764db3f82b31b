import pTimeout from 'p-timeout'
import type { ServiceCost } from '../../domain/cost.ts'
import type { ReplicaCount } from '../../domain/replica-count.ts'
import type { DockerHealth } from '../api/docker-health.ts'
import type { ReceiverDependencies } from '../ports.ts'
import { Cached } from './cached.ts'

const dayMs = 86_400_000
const monthDays = 30

/** The history of all services in a period. */
export interface Past {
  readonly sinceMs: number
  readonly untilMs: number
  /** By service. */
  readonly cost: ReadonlyMap<string, ServiceCost>
}

/** The last 24 hours, with the counts for the charts. */
export interface PastDay extends Past {
  /** By service, then by time. */
  readonly counts: ReadonlyMap<string, readonly ReplicaCount[]>
}

/** How long the page waits for Docker, in ms: it is useful without the answer too. */
const mostWaitMs = 1_500

type Sources = Pick<ReceiverDependencies, 'history' | 'nowMs'> & {
  readonly docker: Pick<DockerHealth, 'read'>
}

/** What takes long to read for the page, and is therefore shared by all readers. */
export interface PageCache {
  readonly day: () => Promise<PastDay>
  readonly month: () => Promise<Past>
  /** Why Docker cannot be used. Absent: it can. */
  readonly dockerFault: () => Promise<string | undefined>
}

export function createPageCache({ history, docker, nowMs }: Sources): PageCache {
  const last = (lengthMs: number) => {
    const untilMs = nowMs()
    return { sinceMs: untilMs - lengthMs, untilMs }
  }
  const month = async (): Promise<Past> => {
    const span = last(monthDays * dayMs)
    return { ...span, cost: byService(await history.cost(span)) }
  }
  const day = async (): Promise<PastDay> => {
    const span = last(dayMs)
    const { costs, counts } = await history.past(span)
    return { ...span, cost: byService(costs), counts: Map.groupBy(counts, ({ service }) => service) }
  }
  const cached = <T>(leastMs: number, read: () => Promise<T>) => {
    const value = new Cached({ read, leastMs, nowMs })
    return () => value.get()
  }
  return {
    day: cached(3_000, day),
    // A month changes slowly, and takes long to add up.
    month: cached(5 * 60_000, month),
    dockerFault: () => faultOf(docker),
  }
}

function byService(costs: readonly ServiceCost[]): ReadonlyMap<string, ServiceCost> {
  return new Map(costs.map((cost) => [cost.service, cost]))
}

async function faultOf(docker: Sources['docker']): Promise<string | undefined> {
  const late = `Docker has not answered within ${mostWaitMs / 1_000} s`
  const fault = docker.read().then(({ error }) => error)
  return await pTimeout(fault, { milliseconds: mostWaitMs, fallback: () => late })
}
