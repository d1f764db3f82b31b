import { generate } from 'selfsigned'
import { requireClientCertificate } from '../../../src/receiver/client-certificates.ts'

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const hourMs = 3_600_000

/** A CA of this test's own. */
export async function aCa(name = 'ca'): Promise<Certificate> {
  return make(name, { extensions: [{ name: 'basicConstraints', cA: true, critical: true }] })
}

/** A certificate for 127.0.0.1 and localhost, for either side. `validForMs`: from an hour ago on; default a day. */
export async function aCertificate(
  ca: Certificate,
  { name = 'localhost', validForMs = 25 * hourMs } = {},
): Promise<Certificate> {
  const begins = new Date(Date.now() - hourMs)
  return make(name, {
    ca,
    notBeforeDate: begins,
    notAfterDate: new Date(begins.getTime() + validForMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
}

/** What makes a receiver serve TLS with it, and ask for certificates where there is a CA of them. */
export function servingTls(own: Certificate, clientCa?: string) {
  if (clientCa === undefined) return { tls: own }
  return { requireCertificate: requireClientCertificate, tls: { ...own, clientCa } }
}

async function make(name: string, options: Parameters<typeof generate>[1]): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
  })
  return { cert, key }
}
