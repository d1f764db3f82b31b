import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { HistoryError } from '../../../src/history/history-error.ts'
import { type Described, faultsOfAnswer } from '../../support/api/described.ts'
import { aMessage, anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { noon } from '../../support/fakes/builders.ts'

const at = (afterNoonMs: number) => new Date(noon + afterNoonMs).toISOString()

/** The status, checked against the description. */
async function statusOf({ app }: Awaited<ReturnType<typeof anApp>>) {
  const document: Described = (await request(app).get('/api/v1/openapi.json')).body
  const { body } = await request(app).get('/api/v1/status')
  expect(await faultsOfAnswer(document, 'StatusAnswer', body)).toEqual([])
  return body
}

describe('GET /api/v1/status', () => {
  it('of a receiver that has just started reports no fault, and no webhook', async () => {
    expect(await statusOf(await anApp({ nowMs: noon }))).toEqual({
      version: '1.2.3',
      dryRun: false,
      docker: { ok: true, checkedAt: at(0) },
      history: { ok: true },
      webhook: {},
    })
  })

  it('shows a dry run and the currency', async () => {
    expect(await statusOf(await anApp({ isDryRun: true, currency: 'EUR' }))).toMatchObject({
      dryRun: true,
      currency: 'EUR',
    })
  })

  it('shows why Docker cannot be used', async () => {
    const { docker } = await statusOf(await anApp({ nowMs: noon, isReady: false }))
    expect(docker).toEqual({ ok: false, error: 'this node is a worker', checkedAt: at(0) })
  })

  it('asks Docker every five seconds at most, however many ask', async () => {
    const world = await anApp({ nowMs: noon })
    const checkedAt = async () => (await statusOf(world)).docker.checkedAt
    await world.clock.advance(1_000)
    expect(await Promise.all([checkedAt(), checkedAt()])).toEqual([at(1_000), at(1_000)])
    await world.clock.advance(4_999)
    expect(await checkedAt()).toBe(at(1_000))
    await world.clock.advance(1)
    expect(await checkedAt()).toBe(at(6_000))
  })

  it('shows why the history is not written, and since when', async () => {
    const world = await anApp({ nowMs: noon })
    world.store.fault = new HistoryError('full', 'no room on the disk')
    await world.post(anAlert({ replicas: '7' }))
    const { history } = await statusOf(world)
    expect(history).toEqual({
      ok: false,
      error: 'no room on the disk',
      since: at(0),
      waiting: expect.any(Number),
      lost: 0,
    })
    expect(history.waiting).toBeGreaterThan(0)
  })
})

describe('the last webhook', () => {
  it('is shown with its time, its alerts and its Alertmanager', async () => {
    const world = await anApp({ nowMs: noon })
    await world.post(anAlert(), anAlert({ fingerprint: 'b' }))
    const last = { at: at(0), status: 200, alerts: 2, alertmanager: 'http://alertmanager:9093/' }
    expect((await statusOf(world)).webhook).toEqual({ last, lastOk: last })
  })

  it('is shown whatever its answer, besides the last successful one', async () => {
    const world = await anApp({ nowMs: noon, tokens: ['right-token'] })
    const send = (token: string, body: object, type = 'application/json') =>
      request(world.app)
        .post('/webhook')
        .set({ Authorization: `Bearer ${token}`, 'Content-Type': type })
        .send(JSON.stringify(body))
    await send('right-token', aMessage())
    const lastOk = { at: at(0), status: 200, alerts: 0, alertmanager: 'http://alertmanager:9093/' }
    await world.clock.advance(1_000)
    await send('wrong-token', aMessage(anAlert()))
    expect((await statusOf(world)).webhook).toEqual({ last: { at: at(1_000), status: 403 }, lastOk })
    await send('right-token', { version: '3', alerts: [1, 2, 3] })
    expect((await statusOf(world)).webhook).toEqual({
      last: { at: at(1_000), status: 400, alerts: 3 },
      lastOk,
    })
    await send('right-token', aMessage(), 'text/plain')
    expect((await statusOf(world)).webhook.last.status).toBe(415)
  })

  it.each([
    ['http://user:hunter2@am.example/path', 'http://am.example/path'],
    ['https://am.example', 'https://am.example/'],
    ['javascript:alert(1)', undefined],
    ['nowhere', undefined],
    [42, undefined],
    [`http://am.example/${'x'.repeat(2_000)}`, undefined],
  ])('names only what is an address of the web, and no password: %.40s', async (externalURL, shown) => {
    const world = await anApp()
    await request(world.app)
      .post('/webhook')
      .send({ ...aMessage(), externalURL })
    expect((await statusOf(world)).webhook.last.alertmanager).toBe(shown)
  })
})
