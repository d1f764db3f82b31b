import { parseArgs } from 'node:util'
import { serveHelp } from '../config/help.ts'
import { type Environment, loadSettings, SettingsError } from '../config/load.ts'
import { flagOf, isSecret, type Settings, settingNames } from '../config/settings.ts'
import { exitStatus, type Streams } from './streams.ts'

/** A receiver that runs. */
export interface Running {
  /** Finishes what is under way, and ends. */
  readonly stop: () => Promise<void>
}

export interface ServeOptions {
  readonly environment: Environment
  readonly streams: Streams
  /** Builds the receiver from its settings and starts it. Throws `SettingsError` where the file that one names is refused. */
  readonly start: (settings: Settings) => Promise<Running>
  /** Resolves with the name of the signal that asks the process to end. */
  readonly untilAskedToStop: () => Promise<string>
}

/** `swarm-autoscaler serve`. Resolves with the exit status: 0 after a graceful stop, 1 on failure, 2 on wrong usage. */
export async function serve(args: readonly string[], options: ServeOptions): Promise<number> {
  const { streams, environment } = options
  let settings: Settings
  try {
    const flags = readFlags(args)
    if (flags === 'help') {
      streams.out(serveHelp())
      return exitStatus.good
    }
    settings = loadSettings(environment, flags)
  } catch (error) {
    return refuse(error, exitStatus.wrongUsage, streams)
  }
  // From here on a signal is waited for, not died of, even while the start is still under way.
  const askedToStop = options.untilAskedToStop()
  try {
    const running = await options.start(settings)
    await askedToStop
    await running.stop()
    return exitStatus.good
  } catch (error) {
    return refuse(error, error instanceof SettingsError ? exitStatus.wrongUsage : exitStatus.failure, streams)
  }
}

function refuse(error: unknown, status: number, streams: Streams): number {
  const faults = error instanceof SettingsError ? error.faults : [(error as Error).message]
  for (const fault of faults) streams.err(`swarm-autoscaler: ${fault}`)
  return status
}

function readFlags(args: readonly string[]): Record<string, string> | 'help' {
  const named = settingNames.filter((name) => !isSecret(name)).map(flagOf)
  const options = Object.fromEntries(named.map((flag) => [flag, { type: 'string' as const }]))
  const { values } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean' } },
    strict: true,
  })
  if (values['help'] === true) return 'help'
  return Object.fromEntries(Object.entries(values).map(([flag, value]) => [flag, String(value)]))
}
