import { spawnSync } from 'node:child_process'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../../../src/telemetry/logger.ts'
import { anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aPolicy, aService, aWindow } from '../../support/fakes/builders.ts'
import { describeWithTools } from '../../support/tools/describe-with-tools.ts'

const hostile = 'a"b\\c\nd\r\u001b[31me\u2028f\ud800g\0h\u202ei\u009bj<script>k'

/** What a terminal obeys, and what is half a character. */
const unseen = /[[\p{Cc}\p{Bidi_Control}\u2028\u2029\ud800-\udfff]--[\t\r\n]]/v
const unseenOrBreak = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ud800-\udfff]/v

/** The application with a service, an alert, a window and a target of hostile names, after it scaled, failed, refused and held. */
async function hostileWorld() {
  const lines: string[] = []
  const policy = aPolicy({
    targets: { [hostile]: 5 },
    schedules: [aWindow({ name: hostile, start: '* * * * *' })],
  })
  const tasks = {
    running: 1,
    starting: 0,
    pending: 1,
    failing: 1,
    pendingReason: hostile,
    failingReason: hostile,
  }
  const world = await anApp({
    services: [aService({ name: hostile, id: 'x', policy }), aService({ name: 'api', id: 'y', tasks })],
    log: createLogger('trace', { write: (line) => void lines.push(line) }),
  })
  const alert = (over: object, service = hostile) => {
    const made = anAlert({ service, replicas: '7' }) as { labels: object; annotations: object }
    return {
      ...made,
      labels: { ...made.labels, alertname: hostile, [hostile]: hostile },
      annotations: { ...made.annotations, summary: hostile },
      fingerprint: hostile.slice(0, 64),
      ...over,
    }
  }
  await world.post(alert({}), alert({ startsAt: hostile }), alert({}, `x${hostile}`), alert({}, 'api'))
  await world.post(alert({ status: 'resolved' }))
  return { ...world, lines }
}

describe('hostile characters', () => {
  it('leave the log one line of JSON per event, with nothing that a terminal obeys', async () => {
    const { lines, app } = await hostileWorld()
    await request(app).get(`/api/v1/services/${encodeURIComponent(hostile.toWellFormed())}`)
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.join('')).toContain('script')
    for (const line of lines) {
      expect(line.slice(-1)).toBe('\n')
      expect(line.slice(0, -1)).not.toMatch(unseenOrBreak)
      expect(JSON.parse(line)).toBeTypeOf('object')
    }
  })

  it('are not repeated by a refusal', async () => {
    const { app } = await hostileWorld()
    const path = encodeURIComponent(hostile.toWellFormed())
    for (const response of [
      await request(app).get(`/${path}`),
      await request(app).get(`/api/v1/services/${path}`),
      await request(app).get(`/api/v1/events?service=${path}&${path}=1`),
      await request(app).get(`/assets/${path}`),
      await request(app).get('/api/v1/services/%ff'),
      await request(app).post('/webhook').set('Content-Type', 'application/json').send(`"${hostile}`),
    ]) {
      expect([400, 404]).toContain(response.status)
      expect(response.type).toBe('application/problem+json')
      expect(response.headers['x-content-type-options']).toBe('nosniff')
      expect(response.text).not.toMatch(unseenOrBreak)
    }
  })

  it('are kept and shown by API, CSV and page', async () => {
    const { app } = await hostileWorld()
    for (const path of ['/api/v1/services', '/api/v1/events', '/api/v1/cost', '/api/v1/status', '/']) {
      expect([path, (await request(app).get(path)).status]).toEqual([path, 200])
    }
    const csv = await request(app).get('/api/v1/events').set('Accept', 'text/csv')
    expect(csv.text).not.toMatch(unseen)
    const page = await request(app).get('/')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.text).not.toContain('<script>k')
  })
})

await describeWithTools('hostile names in the metrics', ({ promtool }) => {
  it('leave them as Prometheus reads them', async () => {
    const { metrics } = await hostileWorld()
    const { status, stderr } = spawnSync(promtool, ['check', 'metrics'], {
      input: await metrics(),
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
  })
})
