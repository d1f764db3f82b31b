import type { Settings } from '../../config/settings.ts'

/** Where a receiver answers, and how it is asked. */
export interface ReceiverAddress {
  /** Without credentials, and without a slash at its end. */
  readonly url: string
  /** The header that shows who asks. Absent: nobody in particular. */
  readonly authorization?: string
  /** Where the credentials came from, in words. */
  readonly credentials: string
}

/**
 * The receiver at `url`, by default the one of this machine at the port that it would listen on. It is shown the credentials in
 * the address, else the read token of the settings. Throws an `Error` where `url` is no address.
 */
export function receiverAddress(settings: Settings, url: string | undefined): ReceiverAddress {
  const parsed = URL.parse(url ?? ownAddress(settings))
  // Whatever it is: it may hold a password, and is not repeated.
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new Error('--url must be the address of a receiver, such as http://127.0.0.1:9095')
  }
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

/** A receiver that listens on all addresses is asked on the one of this machine alone. */
function ownAddress({ AUTOSCALER_LISTEN: { host, port } }: Settings): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
