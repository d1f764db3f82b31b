import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { anApp } from '../../support/fakes/an-app.ts'
import { aService, noon } from '../../support/fakes/builders.ts'

const routes = [
  '/api/v1/services',
  '/api/v1/services/web',
  '/api/v1/events',
  '/api/v1/cost',
  '/api/v1/status',
  '/api/v1/openapi.json',
]

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
const costless = { reader: { cost: async () => [] } }

describe('the read token', () => {
  const ask = async (path: string, authorization: string | undefined) => {
    const { app } = await anApp({
      readTokens: ['first-read', 'second-read'],
      tokens: ['webhook-token'],
      ...costless,
    })
    const get = request(app).get(path)
    return authorization === undefined ? get : get.set('Authorization', authorization)
  }

  it.each(routes)('guards %s', async (path) => {
    expect((await ask(path, undefined)).status).toBe(401)
    expect((await ask(path, 'Bearer first-read')).status).toBe(200)
  })

  it.each(['/API/v1/Services', '/api/v1/services/', '/api/v1/nothing', '/api', '/api/v1/services/none'])(
    'guards all that is like it, and what is not there: %s',
    async (path) => {
      expect((await ask(path, undefined)).status).toBe(401)
    },
  )

  it.each([
    ['Bearer second-read', 200],
    ['bearer first-read', 200],
    [basic('anybody:first-read'), 200],
    [basic(':second-read'), 200],
    [basic('a:first-read').replace('Basic', 'basic'), 200],
    [undefined, 401],
    ['', 401],
    ['Bearer ', 401],
    ['Basic', 401],
    ['Basic !!!', 401],
    [basic('first-read'), 401],
    [basic('anybody:wrong'), 401],
    [basic('first-read:'), 401],
    [basic('anybody:x:first-read'), 401],
    ['Digest first-read', 401],
    ['Bearer wrong', 403],
    ['Bearer webhook-token', 403],
    ['Bearer first-read,second-read', 403],
  ])('is asked for: %j answers %i', async (authorization, status) => {
    const response = await ask('/api/v1/services', authorization)
    expect(response.status).toBe(status)
    const challenges = response.headers['www-authenticate']
    if (status === 401) {
      expect(challenges).toBe(
        'Bearer realm="swarm-autoscaler", Basic realm="swarm-autoscaler", charset="UTF-8"',
      )
    } else expect(challenges).toBeUndefined()
    if (status !== 200) {
      expect(response.type).toBe('application/problem+json')
      expect(response.body.detail).toMatch(/AUTOSCALER_READ_TOKEN|send the read token/)
      expect(JSON.stringify(response.body)).not.toContain('first-read')
    }
  })

  it('with a colon in it is the whole rest of Basic credentials', async () => {
    const { app } = await anApp({ readTokens: ['with:a:colon'] })
    const get = request(app).get('/api/v1/services').set('Authorization', basic('me:with:a:colon'))
    expect((await get).status).toBe(200)
  })

  it('opens neither the webhook nor the reload, and closes neither metrics nor health checks', async () => {
    const { app } = await anApp({ readTokens: ['a-read-token'], tokens: ['a-webhook-token'] })
    const post = (path: string) => request(app).post(path).set('Authorization', 'Bearer a-read-token')
    expect([(await post('/webhook')).status, (await post('/-/reload')).status]).toEqual([403, 403])
    for (const path of ['/metrics', '/-/healthy', '/-/ready'])
      expect((await request(app).get(path)).status).toBe(200)
  })

  it('that is not set leaves the API open', async () => {
    const { app } = await anApp({ tokens: ['a-webhook-token'], ...costless })
    for (const path of routes) expect((await request(app).get(path)).status, path).toBe(200)
  })
})

describe.each(routes)('%s', (path) => {
  it('answers HEAD as GET, without a body', async () => {
    const { app } = await anApp({ nowMs: noon, ...costless })
    const [get, head] = [await request(app).get(path), await request(app).head(path)]
    expect([head.status, head.text]).toEqual([200, undefined])
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
      expect(head.headers[name], name).toBe(get.headers[name])
    }
  })

  it.each(['post', 'put', 'patch', 'delete'] as const)('cannot be asked to %s', async (method) => {
    const { app } = await anApp()
    const response = await request(app)[method](path)
    expect([response.status, response.type]).toEqual([405, 'application/problem+json'])
    expect(response.headers['allow']).toBe('GET, HEAD, OPTIONS')
  })

  it('lists the allowed methods', async () => {
    const { app } = await anApp()
    const { status, headers } = await request(app).options(path)
    expect([status, headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })

  it('answers with 304 what has not changed', async () => {
    const { app } = await anApp({ nowMs: noon, ...costless })
    const { headers } = await request(app).get(path)
    expect(headers['etag']).toMatch(/^W\/"/)
    const again = await request(app).get(path).set('If-None-Match', String(headers['etag']))
    expect([again.status, again.text]).toEqual([304, ''])
    expect(again.headers['etag']).toBe(headers['etag'])
    expect((await request(app).get(path).set('If-None-Match', 'W/"another"')).status).toBe(200)
  })

  it('is given as JSON, and not otherwise', async () => {
    const { app } = await anApp(costless)
    const response = await request(app).get(path).set('Accept', 'image/png')
    expect([response.status, response.type]).toEqual([406, 'application/problem+json'])
  })
})

describe('an answer', () => {
  it('that has changed is answered anew', async () => {
    const { app, swarm, loop } = await anApp()
    const { headers } = await request(app).get('/api/v1/services')
    swarm.put(aService({ desiredReplicas: 5 }))
    await loop.checkAll()
    const again = await request(app).get('/api/v1/services').set('If-None-Match', String(headers['etag']))
    expect(again.status).toBe(200)
  })

  const now = 'private, no-cache'
  const past = 'private, max-age=60'
  it.each([
    ['/api/v1/services', now],
    ['/api/v1/events', now],
    ['/api/v1/events?until=2026-01-15T11:00:00.001Z', now],
    ['/api/v1/events?until=2026-01-15T11:00:00Z', now],
    ['/api/v1/events?until=2026-01-15T10:59:59Z', past],
    ['/api/v1/events?until=2026-01-15T10:59:59Z&since=48h', now],
    ['/api/v1/events?until=2h', now],
    ['/api/v1/cost', now],
    ['/api/v1/cost?until=2026-01-15T10:59:59Z', past],
    ['/api/v1/cost?since=2026-01-14T00:00:00Z&until=2026-01-15T00:00:00Z', past],
    ['/api/v1/cost?since=48h&until=2026-01-15T00:00:00Z', now],
  ])('about %s may be used again: %s', async (path, cacheControl) => {
    const { app } = await anApp({ nowMs: noon, ...costless })
    const { status, headers } = await request(app).get(path)
    expect([status, headers['cache-control']]).toEqual([200, cacheControl])
    expect(headers['vary']).toBe('Accept, Authorization')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('counts under its route, whatever name is asked for and whatever became of it', async () => {
    const { app, metrics } = await anApp({ readTokens: ['a-read-token'] })
    const get = (name: string) => request(app).get(`/api/v1/services/${name}`)
    await get('made-up')
    await get('web').set('Authorization', 'Bearer a-read-token')
    await get('made-up').set('Authorization', 'Bearer a-read-token')
    await request(app).delete('/api/v1/services/made-up').set('Authorization', 'Bearer a-read-token')
    const body = await metrics()
    for (const [method, code] of [
      ['GET', 401],
      ['GET', 200],
      ['GET', 404],
      ['DELETE', 405],
    ]) {
      expect(body).toContain(
        `http_request_duration_seconds_count{method="${method}",route="/api/v1/services/:name",code="${code}"} 1`,
      )
    }
    expect(body).not.toContain('made-up')
  })
})

describe('a hostile path', () => {
  it.each([
    ['/api/v1/services/%E0%A4%A', 400],
    ['/api/v1/services/%', 400],
    ['/api/v1/services/%00', 404],
    ['/api/v1/services/..%2f..%2fetc', 404],
    ['/api/v1/services/constructor', 404],
    [`/api/v1/services/${'x'.repeat(8_000)}`, 404],
    ['/api/v1/services/a/b', 404],
    ['//api/v1/services', 404],
    ['/api/v2/services', 404],
  ])('%s answers %i', async (path, status) => {
    const { app } = await anApp()
    const response = await request(app).get(path)
    expect([response.status, response.type]).toEqual([status, 'application/problem+json'])
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.text.length).toBeLessThan(9_000)
  })

  it.each(['%E0%A4%A', '__proto__=1', 'a[b]=1', 'constructor', '%00=1', '=1', '?', `x=${'y'.repeat(8_000)}`])(
    'with the query %s is refused where there are no parameters',
    async (query) => {
      const { app } = await anApp()
      expect((await request(app).get(`/api/v1/services?${query}`)).status).toBe(400)
    },
  )
})
