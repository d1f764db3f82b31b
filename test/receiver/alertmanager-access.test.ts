import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { defined } from '../../src/domain/defined.ts'
import { listen } from '../../src/receiver/listen.ts'
import type { TlsMaterial } from '../../src/receiver/ports.ts'
import { blocksOf } from '../support/documented-yaml.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aService } from '../support/fakes/builders.ts'
import { waitFor } from '../support/testbed/wait.ts'
import { aCa, aCertificate, servingTls } from '../support/tls/certificates.ts'
import { describeWithTools } from '../support/tools/describe-with-tools.ts'
import { type RunningAlertmanager, startAlertmanager } from '../support/tools/running-alertmanager.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/access.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'alertmanager-access-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const [ca, otherCa] = [await aCa(), await aCa('other')]
const [own, client, stranger] = [await aCertificate(ca), await aCertificate(ca), await aCertificate(otherCa)]
const caFile = file('ca.pem', ca.cert)

const bearer = (token: string) => ({
  authorization: { type: 'Bearer', credentials_file: file(token, `${token}\n`) },
})
const basic = (token: string) => ({
  basic_auth: { username: 'alertmanager', password_file: file(token, `${token}\n`) },
})
const mtls = (name?: string, certificate = client) => ({
  tls_config: {
    ca_file: caFile,
    ...(name === undefined
      ? {}
      : {
          cert_file: file(`${name}.pem`, certificate.cert),
          key_file: file(`${name}.key`, certificate.key),
        }),
  },
})

/** The three ways of docs/access.md, with the files of this test in the place of the secrets. */
const documented = blocksOf(page, 'alertmanager.yml').map((block) => {
  const [{ webhook_configs }] = block['receivers'] as [{ webhook_configs: [{ http_config: object }] }]
  const secrets: Readonly<Record<string, string>> = {
    autoscaler_webhook_token: file('documented', 'good-token\n'),
    autoscaler_ca: caFile,
    alertmanager_cert: file('documented.pem', client.cert),
    alertmanager_key: file('documented.key', client.key),
  }
  const text = JSON.stringify(webhook_configs[0].http_config)
  return JSON.parse(text.replaceAll(/\/run\/secrets\/(\w+)/g, (_, name) => secrets[name] ?? name)) as object
})

/** What Alertmanager receives, by the name of the service that its alert is about, and what the receiver answers. */
const ways: Record<string, { http: object; answer: number; isTls?: true }> = {
  bearer: { http: bearer('good-token'), answer: 200 },
  'bearer-second': { http: bearer('second-token'), answer: 200 },
  'bearer-wrong': { http: bearer('wrong-token'), answer: 403 },
  'bearer-exchanged': { http: bearer('exchanged-token'), answer: 403 },
  basic: { http: basic('good-token'), answer: 200 },
  'basic-wrong': { http: basic('wrong-token'), answer: 403 },
  nothing: { http: {}, answer: 401 },
  'documented-bearer': { http: documented[0] ?? {}, answer: 200 },
  'documented-basic': { http: documented[1] ?? {}, answer: 200 },
  'documented-mtls': { http: documented[2] ?? {}, answer: 200, isTls: true },
  mtls: { http: mtls('client'), answer: 200, isTls: true },
  'mtls-wrong': { http: mtls('stranger', stranger), answer: 403, isTls: true },
  'mtls-missing': { http: mtls(), answer: 403, isTls: true },
}

const services = Object.keys(ways).map((name) => aService({ name, id: `id-of-${name}` }))

/** A receiver, and what each delivery was answered, by the way that its address names. */
async function aDoor(options: Parameters<typeof anApp>[0], tls?: TlsMaterial) {
  const { app, swarm } = await anApp({ services, ...options })
  const answers = new Map<string, number>()
  const watched = express().use((request, response, next) => {
    response.on('finish', () => answers.set(String(request.query['way']), response.statusCode))
    next()
  }, app)
  const { port, close } = await listen(watched, '127.0.0.1', 0, defined({ tls }))
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/webhook`
  return { url, swarm, answers, close }
}

const { requireCertificate, tls } = servingTls(own, ca.cert)
const open = await aDoor({ tokens: ['good-token', 'second-token'] })
const mutual = await aDoor({ requireCertificate }, tls)
afterAll(() => Promise.all([open.close(0), mutual.close(0)]))
const doorOf = (name: string) => (ways[name]?.isTls ? mutual : open)

const names = Object.keys(ways)
const configFile = file(
  'alertmanager.yml',
  stringify({
    route: {
      receiver: 'nobody',
      routes: names.map((name) => ({
        receiver: name,
        matchers: [`service="${name}"`],
        group_by: ['...'],
        group_wait: '0s',
      })),
    },
    receivers: [
      { name: 'nobody' },
      ...names.map((name) => ({
        name,
        webhook_configs: [{ url: `${doorOf(name).url}?way=${name}`, http_config: ways[name]?.http }],
      })),
    ],
  }),
)

await describeWithTools('the real Alertmanager', ({ alertmanager }) => {
  let running: RunningAlertmanager
  beforeAll(async () => {
    running = await startAlertmanager(alertmanager, configFile)
    await fire('First', names)
  })
  afterAll(() => running?.stop())

  const fire = (alertname: string, services: readonly string[]) =>
    fetch(`${running.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(
        services.map((service) => ({
          labels: { alertname, service, scale: 'up' },
          annotations: { replicas: '9' },
        })),
      ),
    })
  const answered = (name: string) =>
    waitFor(async () => doorOf(name).answers.get(name), {
      for: `a delivery that shows ${name}`,
      timeoutMs: 30_000,
      everyMs: 20,
    })

  it.each(Object.entries(ways))('%s: %j', async (name, { answer }) => {
    const { swarm } = doorOf(name)
    expect(await answered(name)).toBe(answer)
    expect(swarm.get(name).desiredReplicas).toBe(answer === 200 ? 9 : 4)
  })

  it('shows the token that its file has by now', async () => {
    expect(await answered('bearer-exchanged')).toBe(403)
    open.answers.delete('bearer-exchanged')
    file('exchanged-token', 'second-token\n')
    await fire('Second', ['bearer-exchanged'])
    expect(await answered('bearer-exchanged')).toBe(200)
  })
})
