import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../../src/domain/service.ts'
import { createLogger } from '../../../src/telemetry/logger.ts'
import { aMessage, anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aService } from '../../support/fakes/builders.ts'

describe('a message of five thousand alerts', () => {
  const fiveThousand = (of: (n: number) => object) => Array.from({ length: 5_000 }, (_, n) => of(n))

  it('for one service is one change; the newest alerts stay active, and dropped ones are counted and reported once', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    const { post, swarm, metrics, loop } = await anApp({ log })
    const alerts = fiveThousand((n) => anAlert({ replicas: String(1 + (n % 9)), fingerprint: `alert ${n}` }))
    for (let time = 0; time < 2; time++) {
      const { status, body } = await post(...alerts)
      expect([status, body.results.length]).toEqual([200, 5_000])
    }
    expect(swarm.updates).toHaveLength(1)
    expect(loop.status('web')?.alerts).toHaveLength(1_000)
    expect(await metrics()).toContain('swarm_autoscaler_alerts_dropped_total 9000')
    expect(lines.filter((line) => line.includes('the oldest are dropped'))).toHaveLength(1)
  })

  it('for names that nobody has asks Swarm for few of them, reports few, and answers all', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    const world = await anApp({ log })
    let asked = 0
    world.swarm.beforeAnswer = async () => {
      asked++
    }
    for (let time = 0; time < 11; time++) {
      const { body } = await world.post(
        ...fiveThousand((n) => anAlert({ service: `ghost-${time}-${n}`, replicas: '5' })),
      )
      expect(body.results).toHaveLength(5_000)
      expect(body.results.every(({ reason }: { reason: string }) => reason === 'unknown_service')).toBe(true)
    }
    expect(asked).toBeLessThanOrEqual(11 * 200)
    expect(lines.filter((line) => line.includes('"alerts":4900'))).toHaveLength(11)
    expect((await world.store.events({ limit: 10_000 })).length).toBe(1_000)
    expect(await world.metrics()).not.toContain('ghost')
  })

  it('that mean nothing has a hundred lines in the log, and the rest in a number', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    const { post, metrics } = await anApp({ log })
    await post(...fiveThousand((n) => anAlert({ scale: 'sideways', fingerprint: `alert ${n}` })))
    expect(lines).toHaveLength(101)
    expect(lines.at(-1)).toContain('"alerts":4900')
    expect(await metrics()).toContain(
      'decisions_total{service="web",decision="reject",reason="invalid_alert"} 5000',
    )
  })

  it('for as many services scales each of them', async () => {
    const services = fiveThousand((n) => aService({ name: `s${n}`, id: `id${n}` })) as Service[]
    const { post, swarm } = await anApp({ services })
    const { body } = await post(...fiveThousand((n) => anAlert({ service: `s${n}`, replicas: '5' })))
    expect(body.results.filter(({ to }: { to: number }) => to === 5)).toHaveLength(5_000)
    expect(swarm.updates).toHaveLength(5_000)
  })

  it('of which Alertmanager left some out is reported once', async () => {
    const lines: string[] = []
    const log = createLogger('warn', { write: (line) => void lines.push(line) })
    const { app } = await anApp({ log })
    for (const truncatedAlerts of [3, 3, 'many', -1, 4]) {
      const message = { ...aMessage(anAlert({ replicas: '5' })), truncatedAlerts }
      expect((await request(app).post('/webhook').send(message)).status).toBe(200)
    }
    expect(lines.filter((line) => line.includes('max_alerts'))).toHaveLength(1)
  })
})

describe('callers create no series', () => {
  it('by a thousand names of services, alerts, paths, parameters and methods', async () => {
    const { app, post, metrics } = await anApp()
    const seriesOf = async () =>
      (await metrics()).split('\n').filter((line) => line.startsWith('swarm_')).length
    const alertsOf = (n: number) => {
      const alert = anAlert({ service: `made-up-${n}`, scale: `made-up-${n}`, fingerprint: `made-up-${n}` })
      return [alert, { ...alert, status: `made-up-${n}` }, anAlert({ service: `made-up-${n}` })]
    }
    const paths = ['/made-up-', '/api/v1/services/made-up-', '/api/v1/events?service=made-up-']
    const ask = (n: number) => request(app).get(`${paths[n % 3]}${n}`)
    const postSome = (from: number) =>
      post(...Array.from({ length: 100 }, (_, n) => alertsOf(from + n)).flat())
    const methods = ['propfind', 'purge', 'lock', 'mkcol', 'search', 'report', 'trace', 'link'] as const
    for (const method of methods) await request(app)[method]('/')
    for (const method of methods) await request(app)[method]('/webhook')
    for (let n = 0; n < 3; n++) await ask(n)
    await postSome(0)
    await metrics()
    const before = await seriesOf()
    for (let n = 3; n < 1_000; n++) await ask(n)
    for (let from = 100; from < 1_000; from += 100) await postSome(from)
    const body = await metrics()
    expect(body).not.toMatch(/made-up|PROPFIND|PURGE/)
    expect(body).toContain('http_request_duration_seconds_count{method="other",route="",code="404"}')
    expect(await seriesOf()).toBe(before)
  })
})
