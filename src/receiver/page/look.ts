import type { ServiceCost } from '../../domain/cost.ts'
import type { ReplicaCount } from '../../domain/replica-count.ts'
import type { DockerHealth } from '../api/docker-health.ts'
import type { ReceiverDependencies } from '../ports.ts'
import { Remembered } from './remembered.ts'

const dayMs = 86_400_000
const monthDays = 30

/** What the history knows of a time, of all services at once. */
export interface Past {
  readonly sinceMs: number
  readonly untilMs: number
  /** By service. */
  readonly cost: ReadonlyMap<string, ServiceCost>
}

/** The last 24 hours, with what the charts are drawn from. */
export interface PastDay extends Past {
  /** By service, each by time. */
  readonly counts: ReadonlyMap<string, readonly ReplicaCount[]>
}

/** How long the page waits for Docker, in ms: what it can tell by itself says more than none. */
const mostWaitMs = 1_500

type Sources = Pick<ReceiverDependencies, 'history' | 'nowMs'> & {
  readonly docker: Pick<DockerHealth, 'read'>
}

/** What is read for the page and takes long enough to be read once for all who look. */
export interface Look {
  readonly day: () => Promise<PastDay>
  readonly month: () => Promise<Past>
  /** Why Docker cannot be worked with. Absent where it can. */
  readonly dockerFault: () => Promise<string | undefined>
}

export function createLook({ history, docker, nowMs }: Sources): Look {
  const past = async (lengthMs: number): Promise<Past> => {
    const untilMs = nowMs()
    const sinceMs = untilMs - lengthMs
    const costs = await history.cost({ sinceMs, untilMs })
    return { sinceMs, untilMs, cost: new Map(costs.map((cost) => [cost.service, cost])) }
  }
  const day = async (): Promise<PastDay> => {
    const known = await past(dayMs)
    const { sinceMs, untilMs } = known
    const counts = await history.counts({ sinceMs, untilMs })
    return { ...known, counts: Map.groupBy(counts, ({ service }) => service) }
  }
  const remembered = <T>(leastMs: number, read: () => Promise<T>) => {
    const last = new Remembered({ read, leastMs, nowMs })
    return () => last.get()
  }
  return {
    day: remembered(3_000, day),
    // A month moves slowly, and takes long to add up.
    month: remembered(5 * 60_000, () => past(monthDays * dayMs)),
    dockerFault: () => faultOf(docker),
  }
}

async function faultOf(docker: Sources['docker']): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<{ readonly error: string }>()
  const error = `Docker has not answered within ${mostWaitMs / 1_000} s`
  const timer = setTimeout(() => resolve({ error }), mostWaitMs)
  const health: { readonly error?: string } = await Promise.race([docker.read(), promise])
  clearTimeout(timer)
  return health.error
}
