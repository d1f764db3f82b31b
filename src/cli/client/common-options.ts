import { readFileSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'
import { defined } from '../../domain/defined.ts'
import { UsageError } from '../usage-error.ts'
import type { TlsTrust } from './request.ts'

/** The flags of every command that is a client of a receiver. */
export const clientFlags = {
  url: { type: 'string' },
  'ca-file': { type: 'string' },
  'cert-file': { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean' },
  utc: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

/** Their part of `--help`. */
export const clientHelp = [
  '  --url URL        the receiver (default: the one on this machine, at the port of AUTOSCALER_LISTEN)',
  '  --ca-file F      the CA (PEM) that signed the certificate of the receiver',
  '  --cert-file F, --key-file F',
  '                   the client certificate (PEM) and its key',
  '  --json           one JSON object per line, as in the API',
  '  --utc            times in UTC (default: in the time zone of this terminal, TZ)',
  '  --help           this text',
  '',
  'If the receiver needs a token, set AUTOSCALER_READ_TOKEN to it, or AUTOSCALER_READ_TOKEN_FILE to the path of a file with it.',
  'Exit status: 0 = success, 1 = the request failed, 2 = wrong usage.',
]

/** Reads the files that the flags name. Throws `UsageError` if one cannot be read, or only one of certificate and key is given. */
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
      throw new UsageError(`--${flag}: ${(error as Error).message}`)
    }
  }
  const [ca, cert, key] = [read('ca-file'), read('cert-file'), read('key-file')]
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--cert-file and --key-file need each other; name both or neither')
  }
  return defined({ ca, cert, key })
}
