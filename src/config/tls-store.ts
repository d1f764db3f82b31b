import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Reading } from './reloading.ts'
import type { Settings } from './settings.ts'

/** What TLS is served with, as PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  /** The CA that must have signed the certificates of callers. Absent: they need none. */
  readonly clientCa?: string
  /** When the first certificate of `cert` and its chain expires, in ms since the epoch. */
  readonly expiresAtMs: number
}

type Paths = Pick<
  Settings,
  'AUTOSCALER_TLS_CERT_FILE' | 'AUTOSCALER_TLS_KEY_FILE' | 'AUTOSCALER_TLS_CLIENT_CA_FILE'
>

/** Holds what TLS is served with. */
export class TlsStore {
  readonly #paths: Paths
  #material: TlsMaterial | undefined

  /** Paths are empty for none. */
  constructor(paths: Paths) {
    this.#paths = paths
  }

  /** What is in force. Absent: TLS is not served. */
  get material(): TlsMaterial | undefined {
    return this.#material
  }

  /** Reads the files again. Never throws. */
  readonly read = (): Reading => {
    if (this.#paths.AUTOSCALER_TLS_CERT_FILE === '') return { kind: 'good', putInForce: () => undefined }
    const faults: string[] = []
    const material = readMaterial(this.#paths, faults)
    if (material === undefined || faults.length > 0) return { kind: 'refused', faults }
    return {
      kind: 'good',
      putInForce: () => {
        this.#material = material
      },
    }
  }
}

function readMaterial(paths: Paths, faults: string[]): TlsMaterial | undefined {
  const take = <T>(name: keyof Paths, parse: (text: string) => T) => {
    try {
      const text = readFileSync(paths[name], 'utf8')
      return { text, parsed: parse(text) }
    } catch (error) {
      faults.push(`${name}: ${withPath(paths[name], (error as Error).message)}`)
      return undefined
    }
  }
  const cert = take('AUTOSCALER_TLS_CERT_FILE', certificatesIn)
  const key = take('AUTOSCALER_TLS_KEY_FILE', keyIn)
  const ca =
    paths.AUTOSCALER_TLS_CLIENT_CA_FILE === ''
      ? undefined
      : take('AUTOSCALER_TLS_CLIENT_CA_FILE', certificatesIn)
  if (cert === undefined || key === undefined) return undefined
  faults.push(...faultsTogether(paths, { cert, key, ...(ca === undefined ? {} : { ca }) }))
  return {
    cert: cert.text,
    key: key.text,
    ...(ca === undefined ? {} : { clientCa: ca.text }),
    expiresAtMs: Math.min(...cert.parsed.map(({ validToDate }) => validToDate.getTime())),
  }
}

/** What is only wrong beside each other, or to whoever has to speak TLS with it. */
function faultsTogether(
  paths: Paths,
  files: {
    readonly cert: { readonly text: string; readonly parsed: readonly X509Certificate[] }
    readonly key: { readonly text: string; readonly parsed: KeyObject }
    readonly ca?: { readonly text: string }
  },
): readonly string[] {
  const { cert, key, ca } = files
  if (cert.parsed[0]?.checkPrivateKey(key.parsed) === false) {
    return [
      `AUTOSCALER_TLS_KEY_FILE: ${paths.AUTOSCALER_TLS_KEY_FILE} is not the key of the certificate in ${paths.AUTOSCALER_TLS_CERT_FILE}; the server's own certificate must stand first there, its chain after it`,
    ]
  }
  try {
    createSecureContext({ cert: cert.text, key: key.text, ...(ca === undefined ? {} : { ca: ca.text }) })
    return []
  } catch (error) {
    return [
      `AUTOSCALER_TLS_CERT_FILE: ${paths.AUTOSCALER_TLS_CERT_FILE} cannot be used for TLS: ${(error as Error).message}`,
    ]
  }
}

/** Throws where there is none, or one that cannot be read. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (blocks === null) throw new Error('has no certificate; it must be PEM (-----BEGIN CERTIFICATE-----)')
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch (error) {
    throw new Error(`has a certificate that cannot be read (${(error as Error).message})`)
  }
}

function keyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new Error(
      /ENCRYPTED/.test(pem)
        ? 'asks for a passphrase; write the key without one, as openssl pkey does'
        : 'has no private key that can be read; it must be PEM (-----BEGIN PRIVATE KEY-----)',
    )
  }
}

/** Errors of the file system name the path themselves. */
function withPath(path: string, message: string): string {
  return message.includes(path) ? message : `${path} ${message}`
}
