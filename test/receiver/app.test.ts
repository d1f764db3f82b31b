import { Registry } from 'prom-client'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { Service } from '../../src/domain/service.ts'
import { SwarmError } from '../../src/reconcile/swarm-error.ts'
import { aMessage, anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { anActiveAlert, aPolicy, aService, aWindow } from '../support/fakes/builders.ts'
import { settle } from '../support/fakes/fake-clock.ts'

describe('POST /webhook', () => {
  it('rejects alerts for a service that the allowlist leaves out, and nothing else shows it', async () => {
    const excluded: Service = {
      ...aService({ name: 'shy', id: 'id-of-shy' }),
      policy: { kind: 'not_enabled', isExcluded: true },
    }
    const { app, post, swarm, metrics } = await anApp({ services: [aService(), excluded] })
    const { body } = await post(anAlert({ service: 'shy', replicas: '7', fingerprint: 'a' }))
    expect(body.results).toEqual([
      { fingerprint: 'a', service: 'shy', decision: 'reject', reason: 'not_enabled', from: null, to: null },
    ])
    expect(swarm.updates).toEqual([])
    expect((await request(app).get('/api/v1/services')).text).not.toContain('shy')
    expect((await request(app).get('/api/v1/services/shy')).status).toBe(404)
    expect((await request(app).get('/')).text).not.toContain('id-of-shy')
    expect(await metrics()).not.toContain('shy')
  })

  it('applies what is due, and answers alert by alert', async () => {
    const { post, swarm } = await anApp({
      services: [aService(), aService({ name: 'api', id: 'id-of-api' })],
    })
    const response = await post(
      anAlert({ replicas: '7', fingerprint: 'a' }),
      anAlert({ service: 'api', step: '50%', fingerprint: 'b' }),
      anAlert({ service: 'ghost', replicas: '2', fingerprint: 'c' }),
      anAlert({ replicas: 'NaN', fingerprint: 'd' }),
    )
    expect(response.status).toBe(200)
    expect(response.body).toEqual({
      results: [
        { fingerprint: 'a', service: 'web', decision: 'scale', reason: 'alert', from: 4, to: 7 },
        { fingerprint: 'b', service: 'api', decision: 'scale', reason: 'alert', from: 4, to: 6 },
        {
          fingerprint: 'c',
          service: 'ghost',
          decision: 'reject',
          reason: 'unknown_service',
          from: null,
          to: null,
        },
        {
          fingerprint: 'd',
          service: 'web',
          decision: 'reject',
          reason: 'invalid_alert',
          from: null,
          to: null,
        },
      ],
    })
    expect(swarm.updates.map(({ name, replicas }) => `${name} ${replicas}`).sort()).toEqual([
      'api 6',
      'web 7',
    ])
  })

  it('answers resolved alerts too, and scales nothing for them', async () => {
    const { post, swarm } = await anApp()
    const { body } = await post(anAlert({ status: 'resolved', replicas: '9' }))
    expect(body.results).toEqual([
      expect.objectContaining({ decision: 'hold', reason: 'no_alert', from: 4, to: 4 }),
    ])
    expect(swarm.updates).toEqual([])
  })

  it('takes a firing and a resolved alert of one message each for itself', async () => {
    const { post } = await anApp()
    const { body } = await post(
      anAlert({ status: 'resolved', replicas: '9', fingerprint: 'a' }),
      anAlert({ replicas: '6', fingerprint: 'b' }),
    )
    expect(body.results[1]).toMatchObject({ decision: 'scale', to: 6 })
  })

  it('answers an alert down that an alert up is active', async () => {
    const { post } = await anApp()
    const { body } = await post(
      anAlert({ replicas: '6', fingerprint: 'a' }),
      anAlert({ scale: 'down', replicas: '1', fingerprint: 'b' }),
    )
    expect(body.results).toMatchObject([
      { decision: 'scale', reason: 'alert', from: 4, to: 6 },
      { decision: 'hold', reason: 'scale_up_active', from: 4, to: 4 },
    ])
  })

  it('does the same for an alert down with an active `to` upwards, and counts it', async () => {
    const { post, metrics } = await anApp()
    const { body } = await post(
      anAlert({ scale: 'to', replicas: '7', fingerprint: 'a' }),
      anAlert({ scale: 'down', replicas: '1', fingerprint: 'b' }),
    )
    expect(body.results).toMatchObject([
      { decision: 'scale', to: 7 },
      { decision: 'hold', reason: 'scale_up_active' },
    ])
    expect(await metrics()).toContain(
      'decisions_total{service="web",decision="hold",reason="scale_up_active"} 1',
    )
  })

  it('makes one step of ten alerts at once, and of the same delivery five times at once', async () => {
    const { post, swarm } = await anApp()
    const ten = Array.from({ length: 10 }, (_, n) => anAlert({ step: '1', fingerprint: `alert ${n}` }))
    const responses = await Promise.all(Array.from({ length: 5 }, () => post(...ten)))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(swarm.updates).toHaveLength(1)
    expect(swarm.get('web').desiredReplicas).toBe(5)
  })

  it('understands rules made for docker-scaler: labels only, with the step of the policy', async () => {
    const { post } = await anApp()
    const alert = { ...anAlert(), annotations: {} }
    expect((await post(alert)).body.results).toMatchObject([{ decision: 'scale', from: 4, to: 5 }])
  })

  it('answers an empty message with no results', async () => {
    const { post } = await anApp()
    expect((await post()).body).toEqual({ results: [] })
  })
})

describe('an alert that cannot be understood', () => {
  const rows: [string, unknown][] = [
    ['no scale', { ...anAlert(), labels: { alertname: 'X', service: 'web' } }],
    ['an unknown scale', anAlert({ scale: 'sideways' })],
    ['no service', { ...anAlert(), labels: { alertname: 'X', scale: 'up' } }],
    ['a number that is none', anAlert({ replicas: '+Inf' })],
    ['a negative number', anAlert({ replicas: '-1' })],
    ['an empty number', anAlert({ replicas: '' })],
    ['a step that is none', anAlert({ step: 'half' })],
    ['to, without a number', anAlert({ scale: 'to', step: '2' })],
    ['a time that is none', anAlert({ replicas: '9', startsAt: 'yesterday' })],
    [
      'an end before its start',
      anAlert({ status: 'resolved', startsAt: '2026-01-15T12:00:00Z', endsAt: '0001-01-01T00:00:00Z' }),
    ],
    ['no object', 'alert'],
    ['nothing', null],
  ]
  it.each(rows)('%s: is refused, and scales nothing', async (_, alert) => {
    const { post, swarm } = await anApp()
    const response = await post(alert)
    expect(response.status).toBe(200)
    expect(response.body.results).toMatchObject([{ decision: 'reject', reason: 'invalid_alert' }])
    expect(swarm.updates).toEqual([])
  })
})

it('an alert with a bad field keeps its name in the answer and in the count', async () => {
  const { post, metrics } = await anApp()
  const { body } = await post(anAlert({ replicas: '9', startsAt: 'yesterday', fingerprint: 'a' }))
  expect(body.results).toMatchObject([{ fingerprint: 'a', service: 'web', reason: 'invalid_alert' }])
  expect(await metrics()).toContain(
    'decisions_total{service="web",decision="reject",reason="invalid_alert"} 1',
  )
})

describe('the status of the answer', () => {
  it.each([
    ['400 for what is no JSON', '{"version":', 'application/json', 400],
    ['400 for another version', JSON.stringify({ version: '3', alerts: [] }), 'application/json', 400],
    ['400 for no list of alerts', JSON.stringify({ version: '4' }), 'application/json', 400],
    ['400 for JSON that is no message', '[]', 'application/json', 400],
    [
      '413 for too much',
      JSON.stringify({ version: '4', pad: 'x'.repeat(17 * 1024 * 1024) }),
      'application/json',
      413,
    ],
    ['415 for another content type', 'version=4', 'application/x-www-form-urlencoded', 415],
  ])('is %s', async (_, body, type, status) => {
    const { app } = await anApp()
    const response = await request(app).post('/webhook').set('Content-Type', type).send(body)
    expect(response.status).toBe(status)
    expect(response.type).toBe('application/problem+json')
    expect(response.body).toMatchObject({ status, detail: expect.any(String) })
  })

  it('is 415 for no content type at all', async () => {
    const { app } = await anApp()
    const response = await request(app).post('/webhook').set('Content-Type', '').send('{}')
    expect(response.status).toBe(415)
  })

  it('is 503 while Docker cannot be reached, and the retry that follows changes things once', async () => {
    const { post, swarm, clock } = await anApp()
    swarm.unreadable = new SwarmError('unreachable', 'Docker cannot be reached')
    const alert = anAlert({ step: '1' })
    const response = await post(alert)
    expect(response.status).toBe(503)
    expect(response.body.detail).toContain('Docker cannot be reached')
    swarm.unreadable = undefined
    await Promise.all([post(alert), clock.advance(15_000)])
    await settle()
    expect(swarm.updates).toHaveLength(1)
  })

  it('is 503 where one service of several failed, and the others are scaled', async () => {
    const { post, swarm } = await anApp({
      services: [aService(), aService({ name: 'api', id: 'id-of-api' })],
    })
    swarm.beforeUpdate = (name) => {
      if (name === 'api') throw new SwarmError('engine', 'disk full')
    }
    const response = await post(anAlert({ replicas: '7' }), anAlert({ service: 'api', replicas: '7' }))
    expect(response.status).toBe(503)
    expect(swarm.updates).toMatchObject([{ name: 'web', replicas: 7 }])
  })

  it('is 503 while the receiver stops, so that its successor gets the alert', async () => {
    const { post, loop } = await anApp()
    await loop.stop()
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(503)
  })

  it('is 404 for a path that is none', async () => {
    const { app } = await anApp()
    expect((await request(app).get('/webhook')).status).toBe(404)
  })
})

describe('the token', () => {
  const send = async (authorization: string | undefined) => {
    const { app, swarm } = await anApp({ tokens: ['first-token', 'second-token'] })
    const post = request(app).post('/webhook')
    if (authorization !== undefined) post.set('Authorization', authorization)
    const response = await post.send(aMessage(anAlert({ replicas: '9' })))
    return { response, updates: swarm.updates.length }
  }

  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each(['Bearer first-token', 'bearer second-token', basic('me:first-token'), basic(':second-token')])(
    'lets %j through',
    async (authorization) => {
      expect(await send(authorization)).toMatchObject({ response: { status: 200 }, updates: 1 })
    },
  )

  it.each([
    [undefined, 401],
    [basic('first-token'), 401],
    ['Bearer ', 401],
    ['Digest first-token', 401],
    [basic('me:third-token'), 403],
    [basic('first-token:'), 403],
    [basic('me:x:first-token'), 403],
    ['Bearer third-token', 403],
    ['Bearer first-token,second-token', 403],
  ])('%j is answered with %d, and scales nothing', async (authorization, status) => {
    const { response, updates } = await send(authorization)
    expect({ status: response.status, updates }).toEqual({ status, updates: 0 })
    const challenge = 'Bearer realm="swarm-autoscaler", Basic realm="swarm-autoscaler", charset="UTF-8"'
    expect(response.headers['www-authenticate']).toBe(status === 401 ? challenge : undefined)
    expect(response.body.detail).toMatch(/send the webhook token|does not match AUTOSCALER_WEBHOOK_TOKEN/)
    expect(response.text).not.toContain('first-token')
  })

  it('is asked for by the webhook only', async () => {
    const { app } = await anApp({ tokens: ['first-token'] })
    expect((await request(app).get('/metrics')).status).toBe(200)
    expect((await request(app).get('/-/healthy')).status).toBe(200)
  })

  it('that is exchanged counts from the next request on', async () => {
    const tokens = ['first-token']
    const { app } = await anApp({ tokens })
    const reload = async (token: string) =>
      (await request(app).post('/-/reload').set('Authorization', `Bearer ${token}`)).status
    expect([await reload('first-token'), await reload('other-token')]).toEqual([200, 403])
    tokens.splice(0, 1, 'other-token')
    expect([await reload('first-token'), await reload('other-token')]).toEqual([403, 200])
  })
})

describe('the metrics token', () => {
  const ask = async (path: string, authorization?: string) => {
    const { app } = await anApp({ tokens: ['webhook-token'], metricsTokens: ['scrape-one', 'scrape-two'] })
    const get = request(app).get(path)
    return authorization === undefined ? get : get.set('Authorization', authorization)
  }
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each([
    ['Bearer scrape-one', 200],
    [basic('prometheus:scrape-two'), 200],
    [undefined, 401],
    [basic('prometheus:wrong-one'), 401],
    ['Bearer webhook-token', 403],
  ])('with the credentials %j the metrics answer %i', async (authorization, status) => {
    const response = await ask('/metrics', authorization)
    expect(response.status).toBe(status)
    if (status === 401) expect(response.headers['www-authenticate']).toContain('Basic realm=')
    if (status !== 200) expect(response.body.detail).toMatch(/metrics token|AUTOSCALER_METRICS_TOKEN/)
  })

  it.each(['/-/healthy', '/-/ready'])('is none of the health check %s', async (path) => {
    expect((await ask(path)).status).toBe(200)
  })
})

describe('POST /-/reload', () => {
  it('answers that the policy file was reloaded', async () => {
    const { app } = await anApp()
    const response = await request(app).post('/-/reload')
    expect([response.status, response.text]).toEqual([200, 'reloaded\n'])
    expect(response.headers['content-type']).toMatch(/^text\/plain/)
  })

  it('answers a refused file with all its faults', async () => {
    const faults = ['policy.yml:3:5: services.web.max="many" must be …', 'policy.yml:4:5: …']
    const { app } = await anApp({ faults })
    const response = await request(app).post('/-/reload')
    expect(response.status).toBe(400)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(response.body).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/keeping the current configuration$/),
      faults,
    })
  })

  it.each([
    [undefined, 401],
    ['Bearer another-token', 403],
    ['Bearer right-token', 200],
  ])('with the credentials %j answers %i', async (credentials, status) => {
    const { app } = await anApp({ tokens: ['right-token'] })
    const ask = request(app).post('/-/reload')
    if (credentials !== undefined) ask.set('Authorization', credentials)
    expect((await ask).status).toBe(status)
  })

  it('is no GET', async () => {
    const { app } = await anApp()
    expect((await request(app).get('/-/reload')).status).toBe(404)
  })
})

describe('health', () => {
  it('is alive even when Docker is not', async () => {
    const { app } = await anApp({ isReady: false })
    expect((await request(app).get('/-/healthy')).status).toBe(200)
  })

  it('is ready with a Swarm manager', async () => {
    const { app } = await anApp()
    expect((await request(app).get('/-/ready')).status).toBe(200)
  })

  it('is not ready without, and says why', async () => {
    const { app } = await anApp({ isReady: false })
    const response = await request(app).get('/-/ready')
    expect(response.status).toBe(503)
    expect(response.body.detail).toBe('this node is a worker')
  })

  it('asks Docker once a second, however many ask', async () => {
    const { app, clock, readyChecks } = await anApp()
    await Promise.all(Array.from({ length: 20 }, () => request(app).get('/-/ready')))
    expect(readyChecks()).toBe(1)
    await clock.advance(1_000)
    await request(app).get('/-/ready')
    expect(readyChecks()).toBe(2)
  })
})

describe('GET /metrics', () => {
  it('is text for most, and OpenMetrics for who asks for it, with the same counters', async () => {
    const { app, post } = await anApp()
    await post(anAlert({ replicas: '7' }))
    const openMetrics = () =>
      request(app).get('/metrics').set('Accept', 'application/openmetrics-text;version=1.0.0')
    const first = await openMetrics()
    const text = await request(app).get('/metrics')
    expect(text.headers['content-type']).toBe(Registry.PROMETHEUS_CONTENT_TYPE)
    expect(first.headers['content-type']).toBe(Registry.OPENMETRICS_CONTENT_TYPE)
    const counter = 'swarm_autoscaler_scalings_total{service="web",direction="up",outcome="applied"} 1'
    for (const body of [first.text, text.text, (await openMetrics()).text]) expect(body).toContain(counter)
    expect(first.text.trimEnd().endsWith('# EOF')).toBe(true)
    expect(text.text).toContain('# TYPE swarm_autoscaler_scalings_total counter')
  })

  it.each([
    [
      'Prometheus 2',
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      true,
    ],
    ['who prefers text', 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5', false],
    ['who refuses OpenMetrics', 'application/openmetrics-text;version=1.0.0;q=0,*/*', false],
    ['a browser', 'text/html,*/*;q=0.8', false],
    ['who takes nothing that there is', 'image/png', false],
  ])('negotiates with %s', async (_, accept, isOpenMetrics) => {
    const { app } = await anApp()
    const response = await request(app).get('/metrics').set('Accept', accept)
    expect(response.status).toBe(200)
    expect(response.headers['content-type']?.startsWith('application/openmetrics-text')).toBe(isOpenMetrics)
  })

  it('shows the status of each service, and the decisions', async () => {
    const { post, metrics } = await anApp()
    await post(anAlert({ replicas: '99' }))
    const body = await metrics()
    for (const line of [
      'service_desired_replicas{service="web"} 10',
      'service_running_replicas{service="web"} 4',
      'service_min_replicas{service="web"} 1',
      'service_max_replicas{service="web"} 10',
      'service_needed_replicas{service="web"} 99',
      'service_target{service="web",signal="requests"} 20',
      'service_cpu_limit_cores{service="web"} 1',
      'service_policy_valid{service="web"} 1',
      'alerts_total{scale="up",status="firing"} 1',
      'decisions_total{service="web",decision="scale",reason="alert"} 1',
      'http_request_duration_seconds_count{method="POST",route="/webhook",code="200"} 1',
      'reaction_seconds_count 1',
      'docker_up 1',
      'build_info{version="1.2.3"} 1',
    ]) {
      expect(body).toContain(`swarm_autoscaler_${line}`)
    }
  })

  it('shows windows, pauses and cost', async () => {
    const policy = aPolicy({
      schedules: [
        aWindow({ start: '* * * * *', min: 3, max: 12 }),
        aWindow({ name: 'never', start: '0 0 29 2 *', min: 5 }),
      ],
      pause: { directions: ['down'] },
      costPerHour: 0.04,
    })
    const { metrics } = await anApp({ services: [aService({ policy })] })
    const body = await metrics()
    for (const line of [
      'service_min_replicas{service="web"} 3',
      'service_max_replicas{service="web"} 12',
      'schedule_active{service="web",schedule="day"} 1',
      'schedule_active{service="web",schedule="never"} 0',
      'service_paused{service="web",direction="up"} 0',
      'service_paused{service="web",direction="down"} 1',
      'service_cost_per_hour{service="web"} 0.04',
    ]) {
      expect(body).toContain(`swarm_autoscaler_${line}`)
    }
  })

  it('lets callers create no series: names that they make up count under no name', async () => {
    const { app, post, metrics } = await anApp({
      services: [
        aService(),
        { ...aService({ name: 'shy', id: 'id-of-shy' }), policy: { kind: 'not_enabled' } } as Service,
      ],
    })
    await post(anAlert({ service: 'made-up' }), anAlert({ service: 'shy' }), anAlert({ scale: 'made-up' }))
    await request(app).get('/made-up')
    const body = await metrics()
    expect(body).not.toMatch(/made-up|shy/)
    expect(body).toContain('decisions_total{service="",decision="reject",reason="unknown_service"} 1')
    expect(body).toContain('decisions_total{service="",decision="reject",reason="not_enabled"} 1')
    expect(body).toContain('decisions_total{service="web",decision="reject",reason="invalid_alert"} 1')
    expect(body).toContain('alerts_total{scale="",status="firing"} 1')
  })

  it('drops the series of a service that is gone', async () => {
    const { post, metrics, swarm, clock } = await anApp()
    await post(anAlert({ replicas: '7' }))
    swarm.remove('web')
    await clock.advance(15_000)
    await settle()
    expect(await metrics()).not.toContain('service="web"')
  })

  it('shows no replicas of a service that has none to count, for the rules would ask for more for ever', async () => {
    const { metrics } = await anApp({ services: [aService({ mode: 'global', desiredReplicas: 0 })] })
    expect(await metrics()).not.toContain('service_desired_replicas{')
  })

  it('shows the time of the last change, also after a redeploy, and no longer once the service is another', async () => {
    const { metrics, post, swarm, clock } = await anApp()
    await post(anAlert({ replicas: '7' }))
    const shown = 'service_last_scale_timestamp_seconds{service="web",direction="up"}'
    expect(await metrics()).toContain(shown)
    await post(anAlert({ status: 'resolved' }))
    swarm.redeploy('web', 4)
    await clock.advance(15_000)
    expect(await metrics()).toContain(shown)
    swarm.remove('web')
    swarm.put(aService({ id: 'another' }))
    await clock.advance(15_000)
    await settle()
    expect(await metrics()).not.toMatch(/service_(last_scale|cooldown_until)_timestamp_seconds\{/)
  })

  it('drops a target that a policy no longer has', async () => {
    const { loop, metrics, swarm } = await anApp()
    swarm.put(aService({ policy: aPolicy({ targets: { cpu: 0.7 } }) }))
    await loop.receive('web', [{ kind: 'firing', alert: anActiveAlert('up', 5) }])
    const body = await metrics()
    expect(body).toContain('service_target{service="web",signal="cpu"} 0.7')
    expect(body).not.toContain('signal="requests"')
  })
})
