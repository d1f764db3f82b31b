import type { Settings } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import { ownAddress } from './own-address.ts'
import type { TlsTrust } from './request.ts'

/** Where a receiver answers, and how it is asked. */
export interface ReceiverAddress {
  /** Without credentials, and without a slash at its end. */
  readonly url: string
  /** The header that shows who asks. Absent: nobody in particular. */
  readonly authorization?: string
  /** Where the credentials came from, in words. */
  readonly credentials: string
  /** How it is known, and what it is shown. Absent: as any other server of TLS, or it speaks none. */
  readonly tls?: TlsTrust
}

/**
 * The receiver at `url`, by default the one of this machine at the port that it would listen on. It is shown the credentials in
 * the address, else the read token of the settings. Throws an `Error` where `url` is no address, or one without TLS beside `trust`.
 */
export function receiverAddress(
  settings: Settings,
  url: string | undefined,
  trust: TlsTrust = {},
): ReceiverAddress {
  const parsed = URL.parse(url ?? ownAddress(settings))
  // Whatever it is: it may hold a password, and is not repeated.
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new Error('--url must be the address of a receiver, such as http://127.0.0.1:9095')
  }
  const isTls = parsed.protocol === 'https:'
  const hasTrust = Object.keys(trust).length > 0
  if (hasTrust && !isTls) {
    throw new Error('--ca-file, --cert-file and --key-file need a receiver that speaks TLS: --url https://…')
  }
  const own: TlsTrust = url === undefined && isTls ? { isOwn: true } : {}
  const tls = hasTrust || own.isOwn ? { ...trust, ...own } : undefined
  return { ...shown(settings, parsed), ...defined({ tls }) }
}

function shown(settings: Settings, parsed: URL): ReceiverAddress {
  const { username, password } = parsed
  const bare = `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`
  if (username !== '' || password !== '') {
    const pair = [username, password].map(decoded).join(':')
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`
    return { url: bare, authorization, credentials: 'the user and password in --url' }
  }
  const [token] = settings.AUTOSCALER_READ_TOKEN
  if (token === undefined) return { url: bare, credentials: 'none' }
  return { url: bare, authorization: `Bearer ${token}`, credentials: 'the token of AUTOSCALER_READ_TOKEN' }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
