import type { Settings } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import { withoutCredentials } from '../../text/credentials.ts'
import { UsageError } from '../usage-error.ts'
import { localAddress } from './local-address.ts'
import type { TlsTrust } from './request.ts'

/** The address of a receiver, and how to connect to it. */
export interface ReceiverAddress {
  /** Without credentials, and without a trailing slash. */
  readonly url: string
  /** The `Authorization` header. Absent: no credentials. */
  readonly authorization?: string
  /** The source of the credentials, for messages. */
  readonly credentials: string
  /** How to verify it, and the client certificate. Absent: the defaults of Node, or no TLS. */
  readonly tls?: TlsTrust
}

/**
 * The receiver at `url`, by default the one on this machine at its port. The credentials are those in the address, else the read token of
 * the settings. Throws `UsageError` if `url` is not an address, or has no TLS while `trust` is given.
 */
export function receiverAddress(
  settings: Settings,
  url: string | undefined,
  trust: TlsTrust = {},
): ReceiverAddress {
  const parsed = URL.parse(url ?? localAddress(settings))
  // The message does not repeat it: it may contain a password.
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UsageError('--url must be the address of a receiver, such as http://127.0.0.1:9095')
  }
  const isTls = parsed.protocol === 'https:'
  const hasTrust = Object.keys(trust).length > 0
  if (hasTrust && !isTls) {
    throw new UsageError('--ca-file, --cert-file and --key-file need a receiver with TLS: --url https://…')
  }
  const local: TlsTrust = url === undefined && isTls ? { isLocal: true } : {}
  const tls = hasTrust || local.isLocal ? { ...trust, ...local } : undefined
  return { ...withCredentials(settings, parsed), ...defined({ tls }) }
}

function withCredentials(settings: Settings, parsed: URL): ReceiverAddress {
  const { address, authorization } = withoutCredentials(parsed)
  const url = `${address.origin}${address.pathname.replace(/\/+$/, '')}`
  if (authorization !== undefined)
    return { url, authorization, credentials: 'the user and password in --url' }
  const [token] = settings.AUTOSCALER_READ_TOKEN
  if (token === undefined) return { url, credentials: 'none' }
  return { url, authorization: `Bearer ${token}`, credentials: 'the token of AUTOSCALER_READ_TOKEN' }
}
