import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ReceiverProcess, runProgram } from '../support/receiver-process.ts'
import { askTls, type TlsCall } from '../support/tls/ask.ts'
import { aCa, aCertificate } from '../support/tls/certificates.ts'

const dockerHost = 'unix:///nowhere/docker.sock'
const folder = mkdtempSync(join(tmpdir(), 'access-'))
afterAll(() => rmSync(folder, { recursive: true }))
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

it('exchanges tokens without a restart: both stand for a while, and a bad file changes nothing', async () => {
  const webhook = write('webhook', 'old-webhook\n')
  const metrics = write('metrics', 'old-metrics\n')
  const receiver = await ReceiverProcess.start({
    dockerHost,
    environment: { AUTOSCALER_WEBHOOK_TOKEN_FILE: webhook, AUTOSCALER_METRICS_TOKEN_FILE: metrics },
  })
  const status = async (path: string, method: string, token: string) => {
    const headers = { Authorization: `Basic ${Buffer.from(`me:${token}`).toString('base64')}` }
    return (await fetch(`${receiver.url}${path}`, { method, headers })).status
  }
  // Without a body an accepted delivery is one of the wrong type.
  const deliver = (token: string) => status('/webhook', 'POST', token)
  const scrape = (token: string) => status('/metrics', 'GET', token)
  const hangUp = async (message: string) => {
    const before = receiver.log.length
    receiver.hangUp()
    return receiver.logged(message, before)
  }

  expect([await deliver('old-webhook'), await deliver('new-webhook')]).toEqual([415, 403])
  expect([await scrape('old-metrics'), await scrape('old-webhook')]).toEqual([200, 401])
  expect((await receiver.get('/-/healthy')).status).toBe(200)

  write('webhook', 'old-webhook\nnew-webhook\n')
  write('metrics', 'new-metrics\n')
  await hangUp('files reloaded')
  expect([await deliver('old-webhook'), await deliver('new-webhook')]).toEqual([415, 415])
  expect([await scrape('old-metrics'), await scrape('new-metrics')]).toEqual([401, 200])

  write('webhook', 'new-webhook\n')
  rmSync(metrics)
  const { faults } = await hangUp('reload refused; keeping the current configuration')
  expect(faults).toEqual([expect.stringMatching(/^AUTOSCALER_METRICS_TOKEN_FILE: ENOENT/)])
  expect(await deliver('old-webhook')).toBe(415)
  const exposed = await fetch(`${receiver.url}/metrics`, { headers: { Authorization: 'Bearer new-metrics' } })
  expect(await exposed.text()).toContain('swarm_autoscaler_config_last_reload_successful 0')

  write('metrics', 'new-metrics\n')
  expect(await status('/-/reload', 'POST', 'old-webhook')).toBe(200)
  expect([await deliver('old-webhook'), await deliver('new-webhook')]).toEqual([403, 415])
  expect(await receiver.stop()).toBe(0)
})

it('serves TLS, exchanges its certificate, and reports one that expires soon', async () => {
  const ca = await aCa()
  const long = await aCertificate(ca, { validForMs: 90 * 86_400_000 })
  const [short, client] = [await aCertificate(ca), await aCertificate(ca)]
  const environment = {
    AUTOSCALER_TLS_CERT_FILE: write('cert.pem', long.cert),
    AUTOSCALER_TLS_KEY_FILE: write('key.pem', long.key),
    AUTOSCALER_TLS_CLIENT_CA_FILE: write('ca.pem', ca.cert),
  }
  const receiver = await ReceiverProcess.start({ dockerHost, environment })
  const url = receiver.url.replace('http:', 'https:')
  const ask = (path: string, call: TlsCall = {}) => askTls(`${url}${path}`, { ca: ca.cert, ...call })
  const reload = () => ask('/-/reload', { ...client, method: 'POST' })
  const expiry = async () => {
    const { text } = await ask('/metrics', client)
    return Number(/^swarm_autoscaler_tls_certificate_expiry_timestamp_seconds (\S+)/m.exec(text)?.[1])
  }

  expect((await ask('/metrics')).status).toBe(403)
  expect((await ask('/-/healthy')).status).toBe(200)
  const first = await expiry()
  expect(first).toBeGreaterThan(Date.now() / 1_000 + 89 * 86_400)

  write('cert.pem', short.cert)
  const refused = await reload()
  expect([refused.status, JSON.parse(refused.text).faults]).toEqual([
    400,
    [expect.stringMatching(/^AUTOSCALER_TLS_KEY_FILE: .* is not the key of the certificate in/)],
  ])
  expect(await expiry()).toBe(first)

  write('key.pem', short.key)
  expect((await reload()).status).toBe(200)
  expect(await receiver.logged('the TLS certificate expires soon; write a new one and reload')).toMatchObject(
    {
      level: 'warn',
      expires: expect.stringMatching(/Z$/),
    },
  )
  expect(await expiry()).toBeLessThan(Date.now() / 1_000 + 86_400)
  // Callers without a certificate are rejected before any token is checked.
  expect(receiver.log.filter(({ msg }) => msg.includes('is open'))).toEqual([])

  const healthy = runProgram(['health'], { ...environment, AUTOSCALER_LISTEN: new URL(url).host })
  expect(await healthy.exited).toEqual([0, null])
  expect(await receiver.stop()).toBe(0)
})

it('does not start with files or settings that are invalid, and reports all their faults', async () => {
  const ca = await aCa()
  const [own, other] = [await aCertificate(ca), await aCertificate(ca)]
  const files = runProgram(['serve', '--policy-file', '/nowhere/policy.yml'], {
    AUTOSCALER_TLS_CERT_FILE: write('own.pem', own.cert),
    AUTOSCALER_TLS_KEY_FILE: write('other.pem', other.key),
  })
  const settings = runProgram(['serve', '--tls-cert-file', '/cert.pem'], {
    AUTOSCALER_WEBHOOK_TOKEN: 'one-for-all',
    AUTOSCALER_READ_TOKEN: 'one-for-all',
  })
  expect([await files.exited, await settings.exited]).toEqual([
    [2, null],
    [2, null],
  ])
  expect(files.errors.join('')).toMatch(/\/nowhere\/policy\.yml: ENOENT.*\n.*other\.pem is not the key/)
  expect(settings.errors.join('')).toMatch(
    /without AUTOSCALER_TLS_KEY_FILE;.*\n.*AUTOSCALER_READ_TOKEN has a token/,
  )
})
