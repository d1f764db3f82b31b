import express, { type Express, type RequestHandler } from 'express'
import { showCost } from './api/cost.ts'
import { DockerHealth } from './api/docker-health.ts'
import { listEvents } from './api/events.ts'
import { showOpenApi } from './api/openapi.ts'
import { listServices, showService } from './api/services.ts'
import { showStatus } from './api/status.ts'
import { requireBearer, requireReader } from './authenticate.ts'
import { LastWebhook } from './last-webhook.ts'
import { onlyReads } from './only-reads.ts'
import { serveAsset } from './page/assets.ts'
import { statusPage } from './page/page.ts'
import type { ReceiverDependencies, ReceiverObserver } from './ports.ts'
import { answerProblems, Problem } from './problem.ts'
import { reload } from './reload.ts'
import { webhook } from './webhook.ts'

/** Most that a message may weigh: room for some ten thousand alerts in one group. */
const mostBytes = '16mb'

/** The HTTP side: everything that is asked of the autoscaler from outside. */
export function createApp(dependencies: ReceiverDependencies): Express {
  const { loop, record, observer, checkReady, metricsTypes, expose, webhookTokens, nowMs } = dependencies
  const lastWebhook = new LastWebhook(nowMs)
  const requireToken = requireBearer(webhookTokens)
  const app = express()
  app.disable('x-powered-by')
  app.use(timed(observer))
  app.post(
    '/webhook',
    lastWebhook.watch,
    requireToken,
    requireJson,
    express.json({ limit: mostBytes }),
    webhook(loop, record, observer),
  )
  app.post('/-/reload', requireToken, reload(dependencies.reload))
  app.get('/metrics', async (request, response) => {
    const accepted = request.accepts([...metricsTypes])
    const { contentType, body } = await expose(accepted === false ? '' : accepted)
    response.set('Content-Type', contentType).send(body)
  })
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('healthy\n')
  })
  app.get('/-/ready', async (_request, response) => {
    await checkReady()
    response.type('text').send('ready\n')
  })
  addApi(app, dependencies, lastWebhook)
  app.use((request) => {
    throw new Problem(404, `there is no ${request.method} ${request.path} here`)
  })
  app.use(answerProblems(observer))
  return app
}

/** What is for reading: the state of the services, and the record, for programs and for people. */
function addApi(app: Express, dependencies: ReceiverDependencies, lastWebhook: LastWebhook): void {
  const { services, record, checkReady, readTokens, nowMs } = dependencies
  const { currency, isDryRun } = dependencies
  const requireRead = requireReader(readTokens)
  const installation = () => ({ nowMs: nowMs(), currency, isDryRun })
  const docker = new DockerHealth(checkReady, nowMs)
  const read = (path: string, answer: RequestHandler) =>
    app.route(path).all(requireRead, onlyReads).get(answer)
  read('/api/v1/services', listServices(services, installation))
  read('/api/v1/services/:name', showService(services, record, installation))
  read('/api/v1/events', listEvents(record, services, nowMs))
  read('/api/v1/cost', showCost(record, services, { nowMs, currency }))
  read('/api/v1/status', showStatus({ ...dependencies, docker, lastWebhook }))
  read('/api/v1/openapi.json', showOpenApi(dependencies.version, readTokens.length > 0))
  app.use('/api', requireRead)
  read('/', statusPage({ ...dependencies, docker, lastWebhook }))
  // Code that anybody can read elsewhere: no token is asked for.
  app.get('/assets/:name', serveAsset)
}

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') === false) {
    throw new Problem(415, 'the body must be application/json')
  }
  next()
}

/** Tells of each answer under the route that gave it: paths that callers make up create no series. */
function timed(observer: ReceiverObserver): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now()
    response.on('finish', () => {
      const route: unknown = request.route?.path
      const durationMs = performance.now() - startedMs
      observer.answered(
        request.method,
        typeof route === 'string' ? route : '',
        response.statusCode,
        durationMs,
      )
    })
    next()
  }
}
