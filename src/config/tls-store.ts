import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { TlsMaterial } from '../receiver/ports.ts'
import type { Reloadable, Reloaded } from './reloading.ts'
import type { Settings } from './settings.ts'

interface DatedTlsMaterial extends TlsMaterial {
  /** When the first certificate of the chain in `cert` expires, in ms since the epoch. */
  readonly expiresAtMs: number
}

type Paths = Pick<
  Settings,
  'AUTOSCALER_TLS_CERT_FILE' | 'AUTOSCALER_TLS_KEY_FILE' | 'AUTOSCALER_TLS_CLIENT_CA_FILE'
>

/** Holds the certificate, its key and the CA of client certificates. */
export class TlsStore implements Reloadable {
  readonly #paths: Paths
  #material: DatedTlsMaterial | undefined

  /** A path is empty for none. */
  constructor(paths: Paths) {
    this.#paths = paths
  }

  /** The current material. Absent: TLS is not served. */
  get material(): DatedTlsMaterial | undefined {
    return this.#material
  }

  /** Reads the files again. Never throws. */
  readonly read = (): Reloaded => {
    if (this.#paths.AUTOSCALER_TLS_CERT_FILE === '') return { kind: 'valid', use: () => undefined }
    const faults: string[] = []
    const material = readMaterial(this.#paths, faults)
    if (material === undefined || faults.length > 0) return { kind: 'invalid', faults }
    return {
      kind: 'valid',
      use: () => {
        this.#material = material
      },
    }
  }
}

function readMaterial(paths: Paths, faults: string[]): DatedTlsMaterial | undefined {
  const load = <T>(name: keyof Paths, parse: (text: string) => T) => {
    try {
      const text = readFileSync(paths[name], 'utf8')
      return { text, parsed: parse(text) }
    } catch (error) {
      faults.push(`${name}: ${withPath(paths[name], (error as Error).message)}`)
      return undefined
    }
  }
  const cert = load('AUTOSCALER_TLS_CERT_FILE', certificatesIn)
  const key = load('AUTOSCALER_TLS_KEY_FILE', keyIn)
  const ca =
    paths.AUTOSCALER_TLS_CLIENT_CA_FILE === ''
      ? undefined
      : load('AUTOSCALER_TLS_CLIENT_CA_FILE', certificatesIn)
  if (cert === undefined || key === undefined) return undefined
  faults.push(...faultsTogether(paths, { cert, key, ...(ca === undefined ? {} : { ca }) }))
  return {
    cert: cert.text,
    key: key.text,
    ...(ca === undefined ? {} : { clientCa: ca.text }),
    expiresAtMs: Math.min(...cert.parsed.map(({ validToDate }) => validToDate.getTime())),
  }
}

/** The faults of the files together: key and certificate do not match, or TLS cannot use them. */
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
      `AUTOSCALER_TLS_KEY_FILE: ${paths.AUTOSCALER_TLS_KEY_FILE} is not the key of the certificate in ${paths.AUTOSCALER_TLS_CERT_FILE}; that file must have the server's own certificate first, then its chain`,
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

/** Throws if there is none, or one that cannot be read. */
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
        ? 'needs a passphrase; write the key without one, for example with openssl pkey'
        : 'has no private key that can be read; it must be PEM (-----BEGIN PRIVATE KEY-----)',
    )
  }
}

/** Errors of the file system have the path already. */
function withPath(path: string, message: string): string {
  return message.includes(path) ? message : `${path} ${message}`
}
