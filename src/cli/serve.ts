import { parseArgs } from 'node:util'
import { serveHelp } from '../config/help.ts'
import { type Environment, loadSettings } from '../config/load.ts'
import { flagOf, isSecret, type Settings, settingNames } from '../config/settings.ts'
import { runToStatus } from './run-to-status.ts'
import { exitStatus, type Streams } from './streams.ts'

/** A running receiver. */
export interface Running {
  /** Finishes the requests and changes under way, then ends. */
  readonly stop: () => Promise<void>
}

export interface ServeOptions {
  readonly environment: Environment
  readonly streams: Streams
  /** Builds the receiver from its settings and starts it. Throws `SettingsError` if a file that a setting names is invalid. */
  readonly start: (settings: Settings) => Promise<Running>
  /** Resolves with the name of the process signal that asks to stop. */
  readonly untilAskedToStop: () => Promise<string>
}

/** `swarm-autoscaler serve`. Resolves with the exit status: 0 after a graceful stop, 1 on failure, 2 on wrong usage. */
export function serve(args: readonly string[], options: ServeOptions): Promise<number> {
  const { streams, environment } = options
  return runToStatus(streams, async () => {
    const flags = readFlags(args)
    if (flags === 'help') {
      streams.out(serveHelp())
      return exitStatus.good
    }
    const settings = loadSettings(environment, flags)
    // From here on a process signal is waited for, even while the receiver starts, and does not end the process.
    const askedToStop = options.untilAskedToStop()
    const running = await options.start(settings)
    await askedToStop
    await running.stop()
    return exitStatus.good
  })
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
