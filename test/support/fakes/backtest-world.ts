import type { BacktestPorts } from '../../../src/cli/backtest/ports.ts'
import { runCommand } from '../../../src/cli/command.ts'
import type { Service } from '../../../src/domain/service.ts'
import type { RangeQuery } from '../../../src/prometheus/query-range.ts'
import type { Sample } from '../../../src/simulator/load/trace.ts'
import type { LabelledService } from '../../../src/swarm/labelled-services.ts'
import { noon } from './builders.ts'
import { asksNobody, checksNothing } from './unused-ports.ts'

/** What there is to look back on; all of it is optional. */
export interface BacktestWorld {
  readonly environment?: Record<string, string>
  /** What a Prometheus answers. Absent: there is none. */
  readonly prometheus?: (query: RangeQuery) => readonly Sample[]
  /** Absent: there is no engine. */
  readonly services?: readonly Service[]
  readonly labelled?: readonly LabelledService[]
  /** Standard input. */
  readonly lines?: readonly string[]
  readonly nowMs?: number
}

/** Runs a command in such a world. `progress`: all shares that were shown, by what was under way. */
export async function runIn(world: BacktestWorld, args: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const progress: [what: string, share: number][] = []
  const status = await runCommand(args, {
    version: '1.2.3',
    environment: world.environment ?? {},
    streams: { out: (line) => out.push(line), err: (line) => err.push(line) },
    start: () => Promise.reject(new Error('nothing is started')),
    untilAskedToStop: () => Promise.reject(new Error('nothing is waited for')),
    ask: asksNobody,
    check: checksNothing,
    backtest: portsOf(world, progress),
  })
  return { status, out: out.join('\n'), err: err.join('\n'), progress }
}

function portsOf(world: BacktestWorld, progress: [string, number][]): BacktestPorts {
  return {
    connect: () => {
      const { services, labelled = [] } = world
      if (services === undefined) throw new Error('no engine here')
      return { listServices: async () => services, listLabelled: async () => labelled }
    },
    queryRange: async (query) => {
      if (world.prometheus === undefined) throw new Error(`${query.address} cannot be asked: nobody there`)
      return world.prometheus(query)
    },
    nowMs: () => world.nowMs ?? noon,
    lines: async function* () {
      yield* world.lines ?? []
    },
    progress: (what, share) => void progress.push([what, share]),
  }
}
