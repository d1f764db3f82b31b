import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { clientPorts } from '../../src/cli/client/connect.ts'
import { aReceiver } from '../support/fakes/asked-receiver.ts'
import { runClient } from '../support/fakes/client-world.ts'
import { aCa, aCertificate, type Certificate, servingTls } from '../support/tls/certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'terminal-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const [ca, otherCa] = [await aCa(), await aCa('other')]
const [own, client, stranger] = [await aCertificate(ca), await aCertificate(ca), await aCertificate(otherCa)]
const caFile = file('ca.pem', ca.cert)
const show = (name: string, { cert, key }: Certificate) => [
  '--cert-file',
  file(`${name}.pem`, cert),
  '--key-file',
  file(`${name}.key`, key),
]

/** Asks as the program does, over the network. */
const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  runClient(args, { environment, fetch: clientPorts.fetch })

const good = { status: 0, err: [] }
const refusal = (words: RegExp) => ({ status: 1, out: [], err: [expect.stringMatching(words)] })

it.each(['services', 'events'])(
  '%s asks a receiver over TLS that its CA file vouches for',
  async (command) => {
    const { url } = await aReceiver({ readTokens: ['a-read-token'], ...servingTls(own) })
    const environment = { AUTOSCALER_READ_TOKEN: 'a-read-token' }
    const limit = command === 'events' ? ['--limit', '0'] : []
    expect(await run([command, ...limit, '--url', url, '--ca-file', caFile], environment)).toMatchObject(good)
    expect(await run([command, '--url', url, '--ca-file', caFile])).toMatchObject(
      refusal(/needs credentials/),
    )
    const otherFile = file('other.pem', otherCa.cert)
    for (const trust of [[], ['--ca-file', otherFile]])
      expect(await run([command, '--url', url, ...trust], environment)).toMatchObject(
        refusal(/cannot reach https:.*(unable to verify|unable to get|self.signed)/),
      )
  },
)

it('a client certificate is shown where one is named, and named in the advice where it is not', async () => {
  const { url } = await aReceiver(servingTls(own, ca.cert))
  const ask = ['services', '--url', url, '--ca-file', caFile]
  expect(await run([...ask, ...show('client', client)])).toMatchObject(good)
  expect(await run(ask)).toMatchObject(
    refusal(
      /^swarm-autoscaler: https:.*: a client certificate is missing; .* with --cert-file and --key-file$/,
    ),
  )
  expect(await run([...ask, ...show('stranger', stranger)])).toMatchObject(refusal(/certificate is refused/))
})

it('the receiver of this machine is known by its address alone, unless a CA is named', async () => {
  const { port } = await aReceiver(servingTls(own))
  const environment = {
    AUTOSCALER_LISTEN: `0.0.0.0:${port}`,
    AUTOSCALER_TLS_CERT_FILE: '/cert.pem',
    AUTOSCALER_TLS_KEY_FILE: '/key.pem',
  }
  expect(await run(['services'], environment)).toMatchObject(good)
  expect(await run(['services', '--ca-file', caFile], environment)).toMatchObject(good)
  expect(await run(['services', '--ca-file', file('other.pem', otherCa.cert)], environment)).toMatchObject(
    refusal(/cannot reach https:/),
  )
})

it.each([
  [['--ca-file', '/nowhere/ca.pem'], /--ca-file: ENOENT/],
  [['--cert-file', caFile], /--cert-file and --key-file need each other/],
  [['--key-file', caFile], /--cert-file and --key-file need each other/],
  [['--url', 'http://manager:9095', '--ca-file', caFile], /need a receiver with TLS: --url https:/],
])('%j is wrong usage', async (args, message) => {
  expect(await run(['services', ...args])).toMatchObject({ status: 2, err: [expect.stringMatching(message)] })
})
