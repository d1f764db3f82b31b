import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { aCa, aCertificate } from '../../test/support/tls/certificates.ts'
import { loadAll, reloadAll } from './reloading.ts'
import { TlsStore } from './tls-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'tls-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const paths = {
  AUTOSCALER_TLS_CERT_FILE: at('cert.pem'),
  AUTOSCALER_TLS_KEY_FILE: at('key.pem'),
  AUTOSCALER_TLS_CLIENT_CA_FILE: at('ca.pem'),
}
const ca = await aCa()
const [first, second] = [await aCertificate(ca), await aCertificate(ca, { validForMs: 7_200_000 })]

const write = (cert: string, key: string, clientCa: string) => {
  writeFileSync(at('cert.pem'), cert)
  writeFileSync(at('key.pem'), key)
  writeFileSync(at('ca.pem'), clientCa)
}
beforeEach(() => write(first.cert, first.key, ca.cert))

function aStore(): TlsStore {
  const store = new TlsStore(paths)
  loadAll([store])
  return store
}

it('holds nothing where no certificate is named', () => {
  const store = new TlsStore({
    AUTOSCALER_TLS_CERT_FILE: '',
    AUTOSCALER_TLS_KEY_FILE: '',
    AUTOSCALER_TLS_CLIENT_CA_FILE: '',
  })
  expect(reloadAll([store])).toEqual([])
  expect(store.material).toBeUndefined()
})

it('holds what the files have, and what they have next', () => {
  const store = aStore()
  expect(store.material).toMatchObject({ cert: first.cert, key: first.key, clientCa: ca.cert })
  write(second.cert, second.key, ca.cert)
  expect(reloadAll([store])).toEqual([])
  expect(store.material).toMatchObject({ cert: second.cert, key: second.key })
})

it('asks for no certificates where no CA is named', () => {
  const store = new TlsStore({ ...paths, AUTOSCALER_TLS_CLIENT_CA_FILE: '' })
  loadAll([store])
  expect(store.material).not.toHaveProperty('clientCa')
})

it('knows when the first certificate of the chain expires', () => {
  write(`${first.cert}\n${second.cert}`, first.key, ca.cert)
  const inAnHourMs = Date.now() + 3_600_000
  expect(aStore().material?.expiresAtMs).toBeGreaterThan(inAnHourMs - 60_000)
  expect(aStore().material?.expiresAtMs).toBeLessThanOrEqual(inAnHourMs)
})

describe('a file', () => {
  const locked = createPrivateKey(first.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()
  const torn = first.cert.replace(/\n[\w+/]{60}/, '\n')
  it.each<[string, () => void, RegExp[]]>([
    [
      'with the key of another certificate',
      () => write(first.cert, second.key, ca.cert),
      [/^AUTOSCALER_TLS_KEY_FILE: .*key\.pem is not the key of the certificate in .*cert\.pem/],
    ],
    [
      'with the chain before the certificate',
      () => write(`${ca.cert}\n${first.cert}`, first.key, ca.cert),
      [/must have the server.s own certificate first/],
    ],
    ['that is gone', () => rmSync(at('cert.pem')), [/^AUTOSCALER_TLS_CERT_FILE: ENOENT/]],
    [
      'with a key that asks for a passphrase',
      () => write(first.cert, locked, ca.cert),
      [/^AUTOSCALER_TLS_KEY_FILE: .*key\.pem needs a passphrase; write/],
    ],
    [
      'with a torn certificate',
      () => write(torn, first.key, ca.cert),
      [/^AUTOSCALER_TLS_CERT_FILE: .*cert\.pem has a certificate that cannot be read/],
    ],
    [
      'with two certificates in one line',
      () => write(first.cert + ca.cert, first.key, ca.cert),
      [/^AUTOSCALER_TLS_CERT_FILE: .*cert\.pem cannot be used for TLS: .*bad end line/],
    ],
    [
      'with no CA',
      () => write(first.cert, first.key, 'nothing'),
      [/^AUTOSCALER_TLS_CLIENT_CA_FILE: .*ca\.pem has no certificate; it must be PEM/],
    ],
    [
      'that is empty, and others',
      () => write('', '', ''),
      [
        /^AUTOSCALER_TLS_CERT_FILE: /,
        /^AUTOSCALER_TLS_KEY_FILE: .* has no private key/,
        /^AUTOSCALER_TLS_CLIENT_CA_FILE: /,
      ],
    ],
  ])('%s is refused by name, at the start and later, and the current material stays', (_, spoil, faults) => {
    const store = aStore()
    const before = store.material
    spoil()
    const expected = faults.map((fault) => expect.stringMatching(fault))
    expect(reloadAll([store])).toEqual(expected)
    expect(store.material).toBe(before)
    expect(() => aStore()).toThrow(faults[0])
  })
})
