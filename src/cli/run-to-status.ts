import { SettingsError } from '../config/load.ts'
import { exitStatus, type Streams } from './streams.ts'
import { UsageError } from './usage-error.ts'

/** Runs a command. Whatever it throws is printed, and becomes an exit status: 2 for wrong usage, 1 for everything else. */
export async function runToStatus(streams: Streams, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    const faults = error instanceof SettingsError ? error.faults : [(error as Error).message]
    for (const fault of faults) streams.err(`swarm-autoscaler: ${fault}`)
    return isWrongUsage(error) ? exitStatus.wrongUsage : exitStatus.failure
  }
}

/** The errors of `util.parseArgs` have codes of their own. */
function isWrongUsage(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return (
    error instanceof UsageError || error instanceof SettingsError || `${code}`.startsWith('ERR_PARSE_ARGS')
  )
}
