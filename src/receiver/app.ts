import express, { type Express, type RequestHandler } from 'express'
import { showCost } from './api/cost.ts'
import { DockerHealth } from './api/docker-health.ts'
import { listEvents } from './api/events.ts'
import { showOpenApi } from './api/openapi.ts'
import { listServices, showService } from './api/services.ts'
import { showStatus } from './api/status.ts'
import { requireReader, requireScraper, requireWebhookToken } from './authenticate.ts'
import { LastWebhook } from './last-webhook.ts'
import { onlyReads } from './only-reads.ts'
import { serveAsset } from './page/assets.ts'
import { statusPage } from './page/page.ts'
import type { ReceiverDependencies, ReceiverObserver } from './ports.ts'
import { answerProblems, Problem } from './problem.ts'
import { readBody } from './read-body.ts'
import { reload } from './reload.ts'
import { traced } from './traced.ts'
import { webhook } from './webhook.ts'

/** Anybody may ask whether the receiver is ready, so the answer of Docker is cached for this time, in ms. */
const readyForMs = 1_000

/** The HTTP side: everything that others ask of the autoscaler. */
export function createApp(dependencies: ReceiverDependencies): Express {
  const { loop, history, observer, checkReady, metricsTypes, expose, tokens, requireCertificate, nowMs } =
    dependencies
  const lastWebhook = new LastWebhook(nowMs)
  const requireToken = requireWebhookToken(tokens.webhook)
  const app = express()
  app.disable('x-powered-by')
  app.use(timed(observer), limitUrl)
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('healthy\n')
  })
  const ready = new DockerHealth(checkReady, nowMs, readyForMs)
  app.get('/-/ready', async (_request, response) => {
    const { error } = await ready.read()
    if (error !== undefined) throw new Problem(503, error)
    response.type('text').send('ready\n')
  })
  // Before the check of client certificates: a delivery without one counts too.
  app.post('/webhook', lastWebhook.watch)
  if (requireCertificate !== undefined) app.use(requireCertificate)
  app.post(
    '/webhook',
    requireToken,
    ...traced(dependencies.tracer),
    readBody(),
    lastWebhook.read,
    webhook(loop, history, observer),
  )
  app.post('/-/reload', requireToken, reload(dependencies.reload))
  app.get('/metrics', requireScraper(tokens.metrics), async (request, response) => {
    const accepted = request.accepts([...metricsTypes])
    const { contentType, body } = await expose(accepted === false ? '' : accepted)
    response.set('Content-Type', contentType).send(body)
  })
  addApi(app, dependencies, lastWebhook)
  app.use((request) => {
    throw new Problem(404, `there is no route ${request.method} ${request.path}`)
  })
  app.use(answerProblems(observer))
  return app
}

/** The routes that only read: the API and the page. */
function addApi(app: Express, dependencies: ReceiverDependencies, lastWebhook: LastWebhook): void {
  const { services, history, checkReady, tokens, nowMs } = dependencies
  const { currency, isDryRun } = dependencies
  const requireRead = requireReader(tokens.readers)
  const installation = () => ({ nowMs: nowMs(), currency, isDryRun })
  const docker = new DockerHealth(checkReady, nowMs)
  const read = (path: string, answer: RequestHandler) =>
    app.route(path).all(requireRead, onlyReads).get(answer)
  read('/api/v1/services', listServices(services, installation))
  read('/api/v1/services/:name', showService(services, history, installation))
  read('/api/v1/events', listEvents(history, services, nowMs))
  read('/api/v1/cost', showCost(history, services, { nowMs, currency }))
  read('/api/v1/status', showStatus({ ...dependencies, docker, lastWebhook }))
  const access = {
    hasToken: tokens.readers().length > 0,
    hasCertificate: dependencies.requireCertificate !== undefined,
  }
  read('/api/v1/openapi.json', showOpenApi(dependencies.version, access))
  app.use('/api', requireRead)
  read('/', statusPage({ ...dependencies, docker, lastWebhook }))
  // The files of the page are public, so they need no token.
  app.get('/assets/:name', serveAsset)
}

/** Longest path and query, in characters: room for two of the longest names, percent-encoded. */
export const longestUrl = 8_192

const limitUrl: RequestHandler = (request, _response, next) => {
  if (request.url.length > longestUrl) {
    throw new Problem(414, `the URL has more than ${longestUrl} characters`)
  }
  next()
}

/** The methods with a metric series of their own. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Reports each answer under its route: invented paths create no series. */
function timed(observer: ReceiverObserver): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now()
    response.on('finish', () => {
      const route: unknown = request.route?.path
      const durationMs = performance.now() - startedMs
      observer.answered(
        methods.has(request.method) ? request.method : 'other',
        typeof route === 'string' ? route : '',
        response.statusCode,
        durationMs,
      )
    })
    next()
  }
}
