import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { SwarmError } from '../../src/reconcile/swarm-error.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'
import { aService } from '../support/fakes/builders.ts'
import { recordedTraces } from '../support/fakes/recorded-traces.ts'
import { eventually } from '../support/testbed/wait.ts'

const traceId = '4b235fc90d593c562b3a9c3a830ffd29'
const spanId = 'bbebb736bcd1bf3a'
/** As Alertmanager 0.33 sends it. */
const traceparent = `00-${traceId}-${spanId}-01`
const unsampled = `00-${traceId}-${spanId}-00`

/** The application with traces; each reading of a service counts as a call of Docker that took 1 ms. */
async function aTracedApp(options: Parameters<typeof anApp>[0] = {}) {
  const recorded = recordedTraces()
  const { traces } = recorded
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => lines.push(JSON.parse(line)) }
  const log = createLogger('info', stream, () => traces.traceId())
  const world = await anApp({ ...options, traces, log })
  world.swarm.beforeAnswer = async () => traces.dockerCalled('service_list', 'ok', 1)
  return { ...world, ...recorded, lines }
}

describe('the trace of a webhook request', () => {
  it('joins that of its caller, with a span for the request, for each service and for each call of Docker', async () => {
    const { post, spans, named } = await aTracedApp({
      services: [aService(), aService({ id: 'id-of-api', name: 'api' })],
    })
    const alerts = [
      anAlert({ replicas: '7' }),
      anAlert({ service: 'api', replicas: '1', scale: 'down' }),
      anAlert({ service: 'ghost' }),
    ]
    await post(...alerts).set('traceparent', traceparent)
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    expect(new Set(spans().map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]))

    const [server] = named('POST /webhook')
    expect(server?.parentSpanContext).toMatchObject({ spanId, isRemote: true })
    expect(server?.kind).toBe(SpanKind.SERVER)
    expect(server?.status.code).toBe(SpanStatusCode.UNSET)
    expect(server?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/webhook',
      'url.path': '/webhook',
      'url.scheme': 'http',
      'http.response.status_code': 200,
    })

    const considered = named('consider')
    for (const span of considered) expect(span.parentSpanContext?.spanId).toBe(server?.spanContext().spanId)
    const byService = new Map(
      considered.map(({ attributes }) => [attributes['swarm_autoscaler.service'], attributes]),
    )
    expect(byService.get('web')).toMatchObject({
      'swarm_autoscaler.decision': 'scale',
      'swarm_autoscaler.reason': 'alert',
      'swarm_autoscaler.from': 4,
      'swarm_autoscaler.to': 7,
      'swarm_autoscaler.needed': 7,
      'swarm_autoscaler.alert.name': 'SwarmServiceNeedsMoreReplicas',
      'swarm_autoscaler.alert.fingerprint': 'c2f1a9b8d7e6f504',
    })
    expect(byService.get('api')).toMatchObject({
      'swarm_autoscaler.decision': 'hold',
      'swarm_autoscaler.from': 4,
      'swarm_autoscaler.to': 4,
    })
    expect(byService.get('ghost')).toMatchObject({ 'swarm_autoscaler.reason': 'unknown_service' })

    const ofServices = new Set(considered.map((span) => span.spanContext().spanId))
    const calls = named('docker service_list')
    expect(calls.length).toBeGreaterThanOrEqual(2)
    for (const call of calls) {
      expect(call.kind).toBe(SpanKind.CLIENT)
      expect(ofServices).toContain(call.parentSpanContext?.spanId)
    }
  })

  it.each([
    ['has none', undefined],
    ['names one that is none', '00-nonsense-01'],
  ])('begins with the request where the caller %s', async (_what, header) => {
    const { post, named } = await aTracedApp()
    const request = post(anAlert({ replicas: '7' }))
    await (header === undefined ? request : request.set('traceparent', header))
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    expect(named('POST /webhook')[0]?.parentSpanContext).toBeUndefined()
  })

  it('is not sent where its caller does not send it, and no line of the log names it', async () => {
    const { post, spans, lines } = await aTracedApp()
    await post(anAlert({ replicas: '7' })).set('traceparent', unsampled)
    expect(lines.find(({ event }) => event === 'scaled')).not.toHaveProperty('traceId')
    expect(spans()).toEqual([])
  })

  it('is in the log line of the change, and in no line of what happens by itself', async () => {
    const { post, lines } = await aTracedApp()
    await post(anAlert({ replicas: '7' })).set('traceparent', traceparent)
    expect(lines.find(({ event }) => event === 'scaled')).toMatchObject({ service: 'web', traceId })
    expect(lines.find(({ msg }) => msg === 'policy loaded')).not.toHaveProperty('traceId')
  })

  it('shows what failed, with the exception', async () => {
    const { post, swarm, named } = await aTracedApp()
    swarm.beforeUpdate = () => {
      throw new SwarmError('engine', 'disk full')
    }
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(503)
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    const [considered] = named('consider')
    expect(considered?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'disk full' })
    expect(considered?.attributes['error.type']).toBe('engine')
    expect(
      considered?.events.map(({ name, attributes }) => [name, attributes?.['exception.message']]),
    ).toEqual([
      ['swarm_autoscaler.failed', undefined],
      ['exception', 'disk full'],
    ])
    expect(named('POST /webhook')[0]?.status.code).toBe(SpanStatusCode.ERROR)
    expect(named('POST /webhook')[0]?.attributes).toMatchObject({
      'http.response.status_code': 503,
      'error.type': '503',
    })
  })

  it('holds a fault of the receiver itself', async () => {
    const reader = { settled: () => Promise.reject(new Error('a fault')) }
    const { post, named } = await aTracedApp({ reader })
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(500)
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    const [event] = named('POST /webhook')[0]?.events ?? []
    expect(event?.attributes?.['exception.message']).toBe('a fault')
  })

  it('is no failure of the receiver where the caller is wrong', async () => {
    const { post, named } = await aTracedApp()
    expect((await post(anAlert()).send({ version: '3' })).status).toBe(400)
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    expect(named('POST /webhook')[0]?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('ends with a caller that does not wait for the answer', async () => {
    const { post, swarm, named } = await aTracedApp()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const { promise: read, resolve: reading } = Promise.withResolvers<void>()
    swarm.beforeAnswer = () => {
      reading()
      return held
    }
    const request = post(anAlert({ replicas: '7' }))
    request.end(() => {})
    await read
    request.abort()
    await eventually(() => expect(named('POST /webhook')).toHaveLength(1))
    release()
    expect(named('POST /webhook')[0]?.attributes).toMatchObject({ 'error.type': 'aborted' })
    expect(named('POST /webhook')[0]?.attributes).not.toHaveProperty('http.response.status_code')
  })

  it('is begun by nobody without the token', async () => {
    const { post, spans } = await aTracedApp({ tokens: ['a-token-of-the-webhook'] })
    expect((await post(anAlert({ replicas: '7' })).set('traceparent', traceparent)).status).toBe(401)
    expect(spans()).toEqual([])
  })

  it('points to the one under which the run is recorded that several requests share', async () => {
    const { post, swarm, traces, named, metrics } = await aTracedApp()
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    let readings = 0
    swarm.beforeAnswer = async () => {
      readings++
      if (readings === 1) await held
      traces.dockerCalled('service_list', 'ok', 1)
    }
    const answers = [post(anAlert({ replicas: '5' })).then(({ status }) => status)]
    await eventually(() => expect(readings).toBe(1))
    for (const replicas of ['6', '7']) answers.push(post(anAlert({ replicas })).then(({ status }) => status))
    await eventually(async () =>
      expect(await metrics()).toContain('alerts_total{scale="up",status="firing"} 3'),
    )
    release()
    expect(await Promise.all(answers)).toEqual([200, 200, 200])
    await eventually(() => expect(named('POST /webhook')).toHaveLength(3))

    const linked = named('consider').filter(({ links }) => links.length > 0)
    const [pointer, ...others] = linked
    expect(others).toEqual([])
    const run = named('consider').find(
      (span) => span.spanContext().spanId === pointer?.links[0]?.context.spanId,
    )
    expect(run).toBeDefined()
    const parents = named('docker service_list').map((call) => call.parentSpanContext?.spanId)
    expect(parents).toContain(run?.spanContext().spanId)
    expect(parents).not.toContain(pointer?.spanContext().spanId)
  })
})
