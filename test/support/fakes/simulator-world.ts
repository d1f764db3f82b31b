import type { SimulatorPorts } from '../../../src/cli/simulator/ports.ts'
import type { RangeQuery } from '../../../src/prometheus/query-range.ts'
import type { Sample } from '../../../src/simulator/load/trace.ts'
import { noon } from './builders.ts'
import { type CheckWorld, engineWith } from './check-world.ts'
import { runToText } from './command-run.ts'

/** What the commands of the simulator find; all of it is optional. */
export interface SimulatorWorld extends Pick<CheckWorld, 'environment' | 'services' | 'labelled'> {
  /** The answer of Prometheus. Absent: there is none. */
  readonly prometheus?: (query: RangeQuery) => readonly Sample[]
  /** Standard input. */
  readonly lines?: readonly string[]
  readonly nowMs?: number
}

/** Runs a command in such a world. `progress`: each share that was shown, with its task. */
export async function runIn(world: SimulatorWorld, args: readonly string[]) {
  const progress: [task: string, share: number][] = []
  const result = await runToText(args, {
    environment: world.environment ?? {},
    input: async function* () {
      yield* world.lines ?? []
    },
    loadSimulatorPorts: async () => portsOf(world, progress),
  })
  return { ...result, progress }
}

function portsOf(world: SimulatorWorld, progress: [string, number][]): SimulatorPorts {
  return {
    connect: () => engineWith(world),
    queryRange: async (query) => {
      if (world.prometheus === undefined) throw new Error(`${query.address} cannot be asked: nobody there`)
      return world.prometheus(query)
    },
    nowMs: () => world.nowMs ?? noon,
    progress: (task, share) => void progress.push([task, share]),
  }
}
