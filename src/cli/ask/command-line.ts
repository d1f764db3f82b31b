import { readFileSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'
import { SettingsError } from '../../config/load.ts'
import { defined } from '../../domain/defined.ts'
import { exitStatus, type Streams } from '../streams.ts'
import type { TlsTrust } from './request.ts'

/** The flags of every command that asks a receiver. */
export const askFlags = {
  url: { type: 'string' },
  'ca-file': { type: 'string' },
  'cert-file': { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean' },
  utc: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

/** What their help says of them. */
export const askHelp = [
  '  --url URL        the receiver (default: the one of this machine, at the port of AUTOSCALER_LISTEN)',
  '  --ca-file F      the CA (PEM) that has signed the certificate of the receiver',
  '  --cert-file F, --key-file F',
  '                   the client certificate (PEM) to show, and its key',
  '  --json           one JSON object per line, as the API has it',
  '  --utc            times in UTC; without it, in the time zone of this terminal (TZ)',
  '  --help           this text',
  '',
  'A receiver that asks for a token is shown that of AUTOSCALER_READ_TOKEN, or of the file that AUTOSCALER_READ_TOKEN_FILE names.',
  'Exit status: 0 = good, 1 = the receiver could not be asked, 2 = wrong usage.',
]

/** Reads the files that the flags name. Throws an `Error` where one cannot be read, or is missing beside another. */
export function readTrust(values: {
  readonly 'ca-file'?: string
  readonly 'cert-file'?: string
  readonly 'key-file'?: string
}): TlsTrust {
  const read = (flag: keyof typeof values) => {
    const path = values[flag]
    if (path === undefined) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw new Error(`--${flag}: ${(error as Error).message}`)
    }
  }
  const [ca, cert, key] = [read('ca-file'), read('cert-file'), read('key-file')]
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error('--cert-file and --key-file belong together; name both, or neither')
  }
  return defined({ ca, cert, key })
}

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
