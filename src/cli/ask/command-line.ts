import type { ParseArgsOptionsConfig } from 'node:util'
import { SettingsError } from '../../config/load.ts'
import { exitStatus, type Streams } from '../streams.ts'

/** The flags of every command that asks a receiver. */
export const askFlags = {
  url: { type: 'string' },
  json: { type: 'boolean' },
  utc: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

/** What their help says of them. */
export const askHelp = [
  '  --url URL        the receiver (default: the one of this machine, at the port of AUTOSCALER_LISTEN)',
  '  --json           one JSON object per line, as the API has it',
  '  --utc            times in UTC; without it, in the time zone of this terminal (TZ)',
  '  --help           this text',
  '',
  'A receiver that asks for a token is shown that of AUTOSCALER_READ_TOKEN, or of the file that AUTOSCALER_READ_TOKEN_FILE names.',
  'Exit status: 0 = good, 1 = the receiver could not be asked, 2 = wrong usage.',
]

/** Reads the command line with `read`. Where that is wrong usage, says why and answers nothing. */
export function readOrRefuse<T>(read: () => T, streams: Streams): T | undefined {
  try {
    return read()
  } catch (error) {
    const faults = error instanceof SettingsError ? error.faults : [(error as Error).message]
    for (const fault of faults) streams.err(`swarm-autoscaler: ${fault}`)
    return undefined
  }
}

/** Says why a command failed. Answers its exit status. */
export function fail(error: unknown, streams: Streams): number {
  streams.err(`swarm-autoscaler: ${(error as Error).message}`)
  return exitStatus.failure
}
