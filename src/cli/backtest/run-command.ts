import { type Environment, SettingsError } from '../../config/load.ts'
import { LoadError } from '../../simulator/load/trace.ts'
import { exitStatus, type Streams } from '../streams.ts'
import type { BacktestPorts } from './ports.ts'
import { UsageError } from './usage-error.ts'

export interface BacktestContext {
  readonly environment: Environment
  readonly streams: Streams
  readonly backtest: BacktestPorts
}

/** Runs a command, and turns what it throws into lines and an exit status: 1 where it failed, 2 on wrong usage. */
export async function runToStatus(streams: Streams, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    const faults = error instanceof SettingsError ? error.faults : [(error as Error).message]
    for (const fault of faults) streams.err(`swarm-autoscaler: ${fault}`)
    return isWrongUsage(error) ? exitStatus.wrongUsage : exitStatus.failure
  }
}

/** What `util.parseArgs` throws has a code of its own. */
function isWrongUsage(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return (
    error instanceof UsageError || error instanceof SettingsError || `${code}`.startsWith('ERR_PARSE_ARGS')
  )
}

/** Puts before a fault of the load where it came from. */
export function loadFrom<T>(source: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof LoadError) throw new LoadError(`${source}: ${error.message}`)
    throw error
  }
}
