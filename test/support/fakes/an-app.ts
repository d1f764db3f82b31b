import type { RequestHandler } from 'express'
import request from 'supertest'
import { receiverObserver } from '../../../src/assemble/receiver-observer.ts'
import { History } from '../../../src/history/history.ts'
import type { HistoryStore } from '../../../src/history/store.ts'
import { createApp } from '../../../src/receiver/app.ts'
import type { HistoryReader } from '../../../src/receiver/ports.ts'
import { Reconciler } from '../../../src/reconcile/reconciler.ts'
import { SwarmError } from '../../../src/reconcile/swarm-error.ts'
import { createRegistry, expose, expositionTypes } from '../../../src/telemetry/exposition.ts'
import { createLogger } from '../../../src/telemetry/logger.ts'
import { Metrics } from '../../../src/telemetry/metrics.ts'
import { TelemetryObserver } from '../../../src/telemetry/observer.ts'
import type { Traces } from '../../../src/telemetry/traces/traces.ts'
import { aMessage } from './alertmanager-message.ts'
import { aService } from './builders.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeStore } from './fake-store.ts'
import { FakeSwarm } from './fake-swarm.ts'

/**
 * The built application over a Swarm and a history in memory: all that a caller can see, without a socket to Docker. `reader` takes
 * the place of what is read of the history, `keptIn` that of its store.
 */
export async function anApp({
  services = [aService()],
  tokens = [] as string[],
  readTokens = [] as string[],
  metricsTokens = [] as string[],
  requireCertificate = undefined as RequestHandler | undefined,
  isReady = true,
  faults = [] as string[],
  reload = () => faults,
  isDryRun = false,
  currency = '',
  nowMs = Date.now(),
  log = createLogger('silent'),
  reader = {} as Partial<HistoryReader>,
  traces = undefined as Traces | undefined,
  keptIn = undefined as HistoryStore | undefined,
} = {}) {
  const swarm = new FakeSwarm(...services)
  const registry = createRegistry()
  const telemetry = new TelemetryObserver(new Metrics(registry, '1.2.3'), log)
  const clock = new FakeClock(nowMs)
  const store = new FakeStore()
  const history = new History({
    store: keptIn ?? store,
    clock,
    observer: telemetry,
    version: '1.2.3',
    receiver: '00000001',
    resyncIntervalMs: 15_000,
    retention: { maxAgeMs: 86_400_000, maxRows: 1_000 },
  })
  const loop = new Reconciler({
    swarm,
    clock,
    subscribers: [
      telemetry.subscriber,
      history.recorder.subscriber,
      ...(traces === undefined ? [] : [traces.subscriber]),
    ],
    resyncIntervalMs: 15_000,
    alertTtlMs: 120_000,
    isDryRun,
  })
  await loop.start()
  let readyChecks = 0
  const app = createApp({
    loop: traces?.loop(loop) ?? loop,
    services: loop,
    history: {
      events: (query) => history.events(query),
      cost: (query) => history.cost(query),
      past: (query) => history.past(query),
      status: () => history.status(),
      settled: () => history.settled(),
      ...reader,
    },
    observer: receiverObserver(telemetry, history.recorder, traces),
    tracer: traces,
    checkReady: async () => {
      readyChecks++
      if (!isReady) throw new SwarmError('not_manager', 'this node is a worker')
    },
    metricsTypes: expositionTypes,
    expose: (contentType) => expose(registry, contentType),
    reload,
    tokens: { webhook: () => tokens, readers: () => readTokens, metrics: () => metricsTokens },
    ...(requireCertificate === undefined ? {} : { requireCertificate }),
    isDryRun,
    currency,
    version: '1.2.3',
    nowMs: clock.nowMs,
  })
  const post = (...alerts: unknown[]) =>
    request(app)
      .post('/webhook')
      .send(aMessage(...alerts))
  const metrics = async () => (await request(app).get('/metrics')).text
  return { app, swarm, clock, loop, history, store, post, metrics, readyChecks: () => readyChecks }
}
