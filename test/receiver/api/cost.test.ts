import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { CostQuery, ServiceCost, Usage } from '../../../src/domain/cost.ts'
import { type Described, faultsOfAnswer } from '../../support/api/described.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aService, noon } from '../../support/fakes/builders.ts'

const dayMs = 86_400_000
const at = (afterNoonMs: number) => new Date(noon + afterNoonMs).toISOString()

/** An hour of two replicas in a day of which no more is known. */
function aUsage(over: Partial<Usage> = {}): Usage {
  return { fromMs: noon - dayMs, untilMs: noon, knownSeconds: 3_600, replicaSeconds: 7_200, ...over }
}

const aCost = (over: Partial<ServiceCost> = {}): ServiceCost => ({
  service: 'web',
  gaps: [],
  ...aUsage(),
  ...over,
})

/** The application at noon, over a history that answers this to every question. */
async function aHistory(costs: readonly ServiceCost[] = [], { currency = '' } = {}) {
  const asked: CostQuery[] = []
  const cost = async (query: CostQuery) => {
    asked.push(query)
    return costs
  }
  const { app } = await anApp({ nowMs: noon, currency, services: [aService()], reader: { cost } })
  const ask = (query: string) => request(app).get(`/api/v1/cost${query}`)
  return { app, asked, ask }
}

describe('the question', () => {
  const rows: [string, CostQuery][] = [
    ['', { sinceMs: noon - dayMs, untilMs: noon }],
    ['?since=7d', { sinceMs: noon - 7 * dayMs, untilMs: noon }],
    [`?until=${at(-dayMs)}`, { sinceMs: noon - 2 * dayMs, untilMs: noon - dayMs }],
    [`?since=${at(-5_000)}&until=${at(5_000)}`, { sinceMs: noon - 5_000, untilMs: noon + 5_000 }],
    ['?service=gone', { sinceMs: noon - dayMs, untilMs: noon, service: 'gone' }],
    ['?service=id-of-web', { sinceMs: noon - dayMs, untilMs: noon, service: 'web' }],
    ['?fixed=8', { sinceMs: noon - dayMs, untilMs: noon, fixed: 8 }],
    ['?fixed=2.5', { sinceMs: noon - dayMs, untilMs: noon, fixed: 2.5 }],
    ['?by=day', { sinceMs: noon - dayMs, untilMs: noon, byDayIn: 'UTC' }],
    ['?by=day&timezone=Europe/Berlin', { sinceMs: noon - dayMs, untilMs: noon, byDayIn: 'Europe/Berlin' }],
    ['?since=3650d', { sinceMs: noon - 3_650 * dayMs, untilMs: noon }],
    ['?since=366d&by=day', { sinceMs: noon - 366 * dayMs, untilMs: noon, byDayIn: 'UTC' }],
  ]
  it.each(rows)('%j is understood', async (query, question) => {
    const { ask, asked } = await aHistory()
    expect((await ask(query)).status).toBe(200)
    expect(asked).toEqual([question])
  })

  it.each([
    [
      '?since=1h&until=2h',
      /^since="2026-01-15T11:00:00.000Z" must be before until \(2026-01-15T10:00:00.000Z\)$/,
    ],
    [`?since=${at(1)}`, /^since=.* must be before until/],
    ['?since=3651d', /^since="[^"]+" must be at most 3650d before until$/],
    ['?since=367d&by=day', /^since="[^"]+" must be at most 366d before until with by=day$/],
    [
      '?until=9999-12-31T23:59:59Z&since=0',
      /^since="2026-01-15T12:00:00.000Z" must be at most 3650d before until$/,
    ],
    ['?since=10000y&until=9999y', /^since="1970-01-01T00:00:00.000Z" must be before until/],
    ['?fixed=-1', /^fixed="-1" must be a number from 0 to 1000000$/],
    ['?fixed=many', /^fixed="many" must be a number/],
    ['?fixed=1000001', /^fixed="1000001" must be a number/],
    ['?by=hour', /^by="hour" must be day$/],
    ['?by=day&timezone=Berlin', /^timezone="Berlin" must be an IANA time zone name such as Europe\/Berlin$/],
    ['?by=day&timezone=%2B02:00', /^timezone="\+02:00" must be an IANA time zone name/],
    ['?timezone=UTC', /^timezone requires by=day$/],
    [
      '?limit=5',
      /^"limit" is not a parameter; the parameters are service, since, until, fixed, by, timezone$/,
    ],
  ])('%j is refused', async (query, fault) => {
    const { ask, asked } = await aHistory()
    const { status, body } = await ask(query)
    expect([status, body.faults]).toEqual([400, [expect.stringMatching(fault)]])
    expect(asked).toEqual([])
  })
})

describe('the answer', () => {
  const saving = { replicas: 4, replicaSeconds: 7_200, cost: 0.2 }
  const web = aCost({
    average: 2,
    peak: 4,
    cost: 0.2,
    savedAgainstPeak: saving,
    savedAgainstFixed: { replicas: 1, replicaSeconds: -3_600, cost: -0.1 },
    gaps: [{ fromMs: noon - dayMs, untilMs: noon - 3_600_000, reason: 'before_first_count' }],
  })
  const api = aCost({
    service: 'api',
    replicaSeconds: 1_800,
    average: 0.5,
    peak: 1,
    savedAgainstPeak: { replicas: 1, replicaSeconds: 1_800 },
  })
  const gone = aCost({ service: 'gone', knownSeconds: 0, replicaSeconds: 0 })

  it('shows each service and the sum, in hours too, with gaps and services without a price', async () => {
    const { app, ask } = await aHistory([api, gone, web], { currency: 'EUR' })
    const { body } = await ask('?fixed=1')
    expect(body).toMatchObject({ since: at(-dayMs), until: at(0), currency: 'EUR' })
    expect(body.services[2]).toEqual({
      service: 'web',
      since: at(-dayMs),
      until: at(0),
      knownSeconds: 3_600,
      replicaSeconds: 7_200,
      replicaHours: 2,
      average: 2,
      peak: 4,
      cost: 0.2,
      savedAgainstPeak: { replicas: 4, replicaSeconds: 7_200, replicaHours: 2, cost: 0.2 },
      savedAgainstFixed: { replicas: 1, replicaSeconds: -3_600, replicaHours: -1, cost: -0.1 },
      gaps: [{ since: at(-dayMs), until: at(-3_600_000), reason: 'before_first_count' }],
    })
    expect(body.sum).toEqual({
      replicaSeconds: 9_000,
      replicaHours: 2.5,
      cost: 0.2,
      savedAgainstPeak: { replicaSeconds: 9_000, replicaHours: 2.5, cost: 0.2 },
      savedAgainstFixed: { replicaSeconds: -3_600, replicaHours: -1, cost: -0.1 },
      unpriced: ['api'],
    })
    const document: Described = (await request(app).get('/api/v1/openapi.json')).body
    expect(await faultsOfAnswer(document, 'CostAnswer', body)).toEqual([])
  })

  it('has no numbers if nothing is known, and no currency if none is set', async () => {
    const { ask } = await aHistory()
    expect((await ask('')).body).toEqual({
      since: at(-dayMs),
      until: at(0),
      services: [],
      sum: { replicaSeconds: 0, replicaHours: 0, unpriced: [] },
    })
  })

  it('by day shows each day of each service and of the sum', async () => {
    const first = { fromMs: noon - dayMs, untilMs: noon - 43_200_000 }
    const second = { fromMs: noon - 43_200_000, untilMs: noon }
    const days = [aUsage({ ...first, cost: 1 }), aUsage({ ...second, cost: 2, savedAgainstPeak: saving })]
    const { app, ask } = await aHistory([
      aCost({ service: 'api', days: [aUsage({ ...second, replicaSeconds: 3_600 }), aUsage(first)] }),
      aCost({ days }),
    ])
    const { body } = await ask('?by=day&timezone=UTC')
    expect(body.timezone).toBe('UTC')
    expect(body.services[1].days).toMatchObject([
      { since: at(-dayMs), until: at(-43_200_000), cost: 1, replicaHours: 2 },
      { since: at(-43_200_000), until: at(0), cost: 2 },
    ])
    expect(body.sum.days).toEqual([
      { since: at(-dayMs), until: at(-43_200_000), replicaSeconds: 14_400, replicaHours: 4, cost: 1 },
      {
        since: at(-43_200_000),
        until: at(0),
        replicaSeconds: 10_800,
        replicaHours: 3,
        cost: 2,
        savedAgainstPeak: { replicaSeconds: 7_200, replicaHours: 2, cost: 0.2 },
      },
    ])
    const document: Described = (await request(app).get('/api/v1/openapi.json')).body
    expect(await faultsOfAnswer(document, 'CostAnswer', body)).toEqual([])
  })
})
