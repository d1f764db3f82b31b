import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { readActiveAlerts } from '../../src/alertmanager/active-alerts.ts'
import { ingestActiveAlerts } from '../../src/receiver/ingest-active-alerts.ts'
import type { AlertUpdate } from '../../src/reconcile/active-alerts.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'

interface ActiveAlert {
  readonly service?: string
  /** Absent: the alert has no such label. */
  readonly scale?: string
  readonly replicas?: string
  readonly fingerprint?: string
}

const startsAt = '2026-01-15T11:00:00.000Z'

/** An alert as `/api/v2/alerts/groups` has it. */
function active({ service = 'web', scale, replicas = '7', fingerprint = 'c2f1' }: ActiveAlert): object {
  return {
    annotations: { replicas, summary: `${service} needs more replicas.` },
    endsAt: '2026-01-15T12:04:00.000Z',
    fingerprint,
    receivers: [{ name: 'swarm-autoscaler' }],
    startsAt,
    status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
    updatedAt: '2026-01-15T12:00:00.000Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=up',
    labels: {
      alertname: 'SwarmServiceNeedsReplicas',
      service,
      ...(scale === undefined ? {} : { scale }),
    },
  }
}

const group = (...alerts: readonly object[]) => ({
  alerts,
  labels: { service: 'web' },
  receiver: { name: 'swarm-autoscaler' },
})

type Answer = (response: ServerResponse) => void
const answering =
  (body: unknown, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const firing = (fingerprint: string, replicas: number): AlertUpdate => ({
  kind: 'firing',
  alert: {
    fingerprint,
    scale: 'up',
    demand: { kind: 'replicas', replicas },
    startsAtMs: Date.parse(startsAt),
    alertName: 'SwarmServiceNeedsReplicas',
    summary: 'web needs more replicas.',
  },
})

/** An Alertmanager that answers each request in turn, the last answer for all that follow. */
async function anAlertmanager(...answers: readonly Answer[]) {
  const asked: string[] = []
  const authorized: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    authorized.push(request.headers.authorization)
    answers[Math.min(asked.length, answers.length) - 1]?.(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, asked, authorized, server, [Symbol.asyncDispose]: close }
}

/** A receiver that ingests the active alerts of this Alertmanager, and keeps what was reported. */
function aReceiver(url: string, delaysMs: readonly number[] = [0]) {
  const received: [string, readonly AlertUpdate[]][] = []
  const reports: string[] = []
  const errors: string[] = []
  const abort = new AbortController()
  const refuse: { with?: Error } = {}
  const loop = {
    receive: async (service: string, updates: readonly AlertUpdate[]): Promise<Outcome> => {
      if (refuse.with !== undefined) throw refuse.with
      received.push([service, updates])
      return { decision: { kind: 'hold', replicas: 7, reason: 'at_target' } }
    },
  }
  const observer = {
    received: (scale: string | undefined, status: string) => reports.push(`received ${scale} ${status}`),
    decided: () => {},
    refused: ({ service, problem }: { service: string; problem?: string }) =>
      reports.push(`refused ${service} ${problem}`),
    answered: () => {},
    refusedMore: () => {},
    truncated: () => {},
    broke: () => {},
    ingested: (count: number) => reports.push(`ingested ${count}`),
    notIngested: ({ message }: Error) => {
      reports.push('not ingested')
      errors.push(message)
    },
  }
  const ingest = () =>
    ingestActiveAlerts({
      readActiveAlerts: (signal) => readActiveAlerts(url, signal),
      loop,
      observer,
      delaysMs,
      signal: abort.signal,
    })
  return { received, reports, errors, abort, refuse, ingest }
}

describe('the active alerts of Alertmanager', () => {
  it('are ingested as firing, each service at once with all of its alerts', async () => {
    await using alertmanager = await anAlertmanager(
      answering([
        group(
          active({ scale: 'up' }),
          active({ service: 'api', scale: 'up', fingerprint: 'api1', replicas: '3' }),
        ),
        group(active({ scale: 'up', fingerprint: 'd3e2', replicas: '9' })),
      ]),
    )
    const receiver = aReceiver(alertmanager.url)
    await receiver.ingest()
    expect(receiver.received).toEqual([
      ['web', [firing('c2f1', 7), firing('d3e2', 9)]],
      ['api', [{ kind: 'firing', alert: expect.objectContaining({ fingerprint: 'api1' }) }]],
    ])
    expect(receiver.reports).toEqual([...Array(3).fill('received up firing'), 'ingested 3'])
  })

  it('are read once, and only those that Alertmanager would send', async () => {
    await using alertmanager = await anAlertmanager(answering([]))
    const receiver = aReceiver(alertmanager.url, [0, 0])
    await receiver.ingest()
    expect(receiver.reports).toEqual(['ingested 0'])
    expect(alertmanager.asked).toHaveLength(1)
    const { pathname, searchParams } = new URL(alertmanager.asked[0] ?? '', alertmanager.url)
    expect(pathname).toBe('/api/v2/alerts/groups')
    expect(Object.fromEntries(searchParams)).toEqual({
      active: 'true',
      silenced: 'false',
      inhibited: 'false',
      muted: 'false',
    })
  })

  it.each([
    ['', '/api/v2/alerts/groups'],
    ['/', '/api/v2/alerts/groups'],
    ['/alertmanager', '/alertmanager/api/v2/alerts/groups'],
    ['/alertmanager//', '/alertmanager/api/v2/alerts/groups'],
  ])('are read below the path of the address: %j', async (path, pathname) => {
    await using alertmanager = await anAlertmanager(answering([]))
    await aReceiver(`${alertmanager.url}${path}`).ingest()
    expect(new URL(alertmanager.asked[0] ?? '', alertmanager.url).pathname).toBe(pathname)
  })

  it.each([
    ['?receiver=swarm-autoscaler', '/api/v2/alerts/groups', { receiver: 'swarm-autoscaler' }],
    ['/am/?receiver=a%7Cb', '/am/api/v2/alerts/groups', { receiver: 'a|b' }],
    ['/?filter=swarm%3D%22one%22&active=false', '/api/v2/alerts/groups', { filter: 'swarm="one"' }],
  ])('are read with the query of the address: %j', async (rest, path, query) => {
    await using alertmanager = await anAlertmanager(answering([]))
    await aReceiver(`${alertmanager.url}${rest}`).ingest()
    const { pathname, searchParams } = new URL(alertmanager.asked[0] ?? '', alertmanager.url)
    expect(pathname).toBe(path)
    expect(Object.fromEntries(searchParams)).toEqual({
      ...query,
      active: 'true',
      silenced: 'false',
      inhibited: 'false',
      muted: 'false',
    })
  })

  it('without a scale label are ignored: they are for another receiver', async () => {
    await using alertmanager = await anAlertmanager(
      answering([group(active({ service: 'db', fingerprint: 'db1' }), active({ scale: 'up' }))]),
    )
    const receiver = aReceiver(alertmanager.url)
    await receiver.ingest()
    expect(receiver.received.map(([service]) => service)).toEqual(['web'])
    expect(receiver.reports).toEqual(['received up firing', 'ingested 1'])
  })

  it('in two groups count once', async () => {
    const one = active({ scale: 'up' })
    await using alertmanager = await anAlertmanager(answering([group(one), group(one), group()]))
    const receiver = aReceiver(alertmanager.url)
    await receiver.ingest()
    expect(receiver.received).toEqual([['web', [firing('c2f1', 7)]]])
    expect(receiver.reports).toEqual(['received up firing', 'ingested 1'])
  })

  it('that are invalid are refused, and the others are ingested', async () => {
    await using alertmanager = await anAlertmanager(
      answering([group(active({ scale: 'sideways', fingerprint: 'bad' }), active({ scale: 'up' }))]),
    )
    const receiver = aReceiver(alertmanager.url)
    await receiver.ingest()
    expect(receiver.received).toEqual([['web', [firing('c2f1', 7)]]])
    expect(receiver.reports).toContain('refused web label scale="sideways" must be up, down or to')
  })
})

describe('active alerts that cannot be ingested', () => {
  it('are read again, until it succeeds', async () => {
    await using alertmanager = await anAlertmanager(
      answering('away', 503),
      (response) => void response.destroy(),
      answering([group(active({ scale: 'up' }))]),
    )
    const receiver = aReceiver(alertmanager.url, [0, 1, 1, 1])
    await receiver.ingest()
    expect(receiver.reports).toEqual(['not ingested', 'not ingested', 'received up firing', 'ingested 1'])
    expect(alertmanager.asked).toHaveLength(3)
  })

  it('are given up after the last attempt', async () => {
    await using alertmanager = await anAlertmanager(answering('away', 503))
    const receiver = aReceiver(alertmanager.url, [0, 1, 1])
    await receiver.ingest()
    expect(receiver.reports).toEqual(Array(3).fill('not ingested'))
    expect(alertmanager.asked).toHaveLength(3)
  })

  it('are read again if Swarm cannot be reached', async () => {
    await using alertmanager = await anAlertmanager(answering([group(active({ scale: 'up' }))]))
    const receiver = aReceiver(alertmanager.url, [0, 1])
    receiver.refuse.with = new Error('Docker cannot be reached')
    await receiver.ingest()
    expect(receiver.errors).toEqual(Array(2).fill('Docker cannot be reached'))
  })

  it('are reported if nobody listens at the address', async () => {
    const { url, server } = await anAlertmanager()
    server.close()
    const receiver = aReceiver(url, [0, 1])
    await receiver.ingest()
    expect(receiver.reports).toEqual(['not ingested', 'not ingested'])
    expect(receiver.errors[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/)
  })

  const answers: [string, Answer, RegExp][] = [
    ['an old version, or no Alertmanager', answering('not found', 404), /127\.0\.0\.1.* answers 404/],
    [
      'an object',
      answering({ status: 'success', data: [] }),
      /127\.0\.0\.1.* does not answer with groups of alerts/,
    ],
    [
      'groups without alerts',
      answering([{ labels: {} }]),
      /127\.0\.0\.1.* does not answer with groups of alerts/,
    ],
    [
      'a page of something else',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      /127\.0\.0\.1.* does not answer with groups of alerts/,
    ],
  ]
  it.each(answers)('are reported with the reason if the answer is that of %s', async (_, answer, message) => {
    await using alertmanager = await anAlertmanager(answer)
    const receiver = aReceiver(alertmanager.url)
    await receiver.ingest()
    expect(receiver.errors).toEqual([expect.stringMatching(message)])
    expect(receiver.received).toEqual([])
  })
})

describe('user and password of the address', () => {
  const withUser = (url: string, user: string) => url.replace('http://', `http://${user}@`)
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

  it.each([
    ['user:hunter2', basic('user:hunter2')],
    ['user', basic('user:')],
    ['us%40er:p%3Aw%2F%C3%BC', basic('us@er:p:w/ü')],
  ])('are sent in a header, and not in the address: %s', async (user, header) => {
    await using alertmanager = await anAlertmanager(answering([]))
    const receiver = aReceiver(withUser(alertmanager.url, user))
    await receiver.ingest()
    expect(receiver.reports).toEqual(['ingested 0'])
    expect(alertmanager.authorized).toEqual([header])
    expect(alertmanager.asked[0]).toMatch(/^\/api\/v2\/alerts\/groups\?/)
  })

  it('are not sent if there are none', async () => {
    await using alertmanager = await anAlertmanager(answering([]))
    await aReceiver(alertmanager.url).ingest()
    expect(alertmanager.authorized).toEqual([undefined])
  })

  const failures: [string, Answer][] = [
    ['it answers 401', answering('who?', 401)],
    ['it answers something else', answering({})],
    ['it hangs up', (response) => void response.destroy()],
  ]
  it.each(failures)('are in no message if %s', async (_, answer) => {
    await using alertmanager = await anAlertmanager(answer)
    const receiver = aReceiver(withUser(alertmanager.url, 'someone:hunter2'))
    await receiver.ingest()
    expect(receiver.errors).toHaveLength(1)
    expect(receiver.errors.join()).not.toMatch(/someone|hunter2/)
  })
})

describe('a receiver that stops', () => {
  it('before the first attempt asks nothing', async () => {
    await using alertmanager = await anAlertmanager(answering([]))
    const receiver = aReceiver(alertmanager.url)
    receiver.abort.abort()
    await receiver.ingest()
    expect(alertmanager.asked).toEqual([])
    expect(receiver.reports).toEqual([])
  })

  it('between two attempts ends at once, and asks no more', async () => {
    await using alertmanager = await anAlertmanager((response) => {
      receiver.abort.abort()
      answering('away', 503)(response)
    })
    const receiver = aReceiver(alertmanager.url, [0, 3_600_000])
    await receiver.ingest()
    expect(alertmanager.asked).toHaveLength(1)
  })

  it('while Alertmanager has not answered ends at once, and reports nothing', async () => {
    await using alertmanager = await anAlertmanager(() => receiver.abort.abort())
    const receiver = aReceiver(alertmanager.url, [0, 3_600_000])
    await receiver.ingest()
    expect(alertmanager.asked).toHaveLength(1)
    expect(receiver.reports).toEqual([])
  })
})
