import type { Observation } from '../demo/observe.ts'
import { type Conditions, watchMachine } from '../load/starved.ts'
import type { JoinedEngine } from '../testbed/engine.ts'
import type { Stack } from '../testbed/stack.ts'
import { within } from '../testbed/wait.ts'
import { measureUsage } from './usage.ts'

/** Replicas that each signal needs. */
type Need = { readonly cpu: number; readonly memory: number; readonly network: number }

/** What one replica should use, as its labels say. */
export type Targets = {
  readonly cores: number
  readonly memoryBytes: number
  readonly networkBytesPerSecond: number
}

/** What the rules say and what Docker counts over the same seconds, and how the machine was meanwhile. */
export type Use = { readonly rules: Need; readonly truth: Need; readonly conditions: Conditions }

/** Measures what the demo service of a stack uses over so many seconds from now on. */
export async function measureUse(
  engine: JoinedEngine,
  stack: Stack,
  observation: Observation,
  targets: Targets,
  seconds: number,
): Promise<Use> {
  const share = watchMachine()
  const usage = await measureUsage(engine, stack.webService, seconds)
  const needed = async (signal: string) => {
    const series = `swarm_autoscaler:replicas_needed{service="${stack.webService}",signal="${signal}"}`
    return (await observation.value(`avg_over_time(${series}[${seconds}s])`)) ?? Number.NaN
  }
  const [cpu, memory, network] = [await needed('cpu'), await needed('memory'), await needed('network')]
  return {
    rules: { cpu, memory, network },
    truth: {
      cpu: usage.cores / targets.cores,
      memory: usage.memoryBytes / targets.memoryBytes,
      network: usage.networkBytesPerSecond / targets.networkBytesPerSecond,
    },
    conditions: { share: share(), lagMs: await lagOf(stack) },
  }
}

/** The longest that the load generator stood still since a rate was last asked for, in ms. */
export async function lagOf(stack: Stack): Promise<number> {
  const read = async (signal: AbortSignal) =>
    (await (await fetch(stack.urls.load, { signal })).json()) as { lagMs: number }
  return (await within(read, { for: 'the load generator', timeoutMs: 5_000 })).lagMs
}
