import express, { type Express, type RequestHandler } from 'express'
import { requireBearer } from './authenticate.ts'
import type { ReceiverDependencies, ReceiverObserver } from './ports.ts'
import { answerProblems, Problem } from './problem.ts'
import { reload } from './reload.ts'
import { webhook } from './webhook.ts'

/** Most that a message may weigh: room for some ten thousand alerts in one group. */
const mostBytes = '16mb'

/** The HTTP side: everything that is asked of the autoscaler from outside. */
export function createApp(dependencies: ReceiverDependencies): Express {
  const { loop, observer, checkReady, metricsTypes, expose, webhookTokens } = dependencies
  const app = express()
  app.disable('x-powered-by')
  app.use(timed(observer))
  app.post(
    '/webhook',
    requireBearer(webhookTokens),
    requireJson,
    express.json({ limit: mostBytes }),
    webhook(loop, observer),
  )
  app.post('/-/reload', requireBearer(webhookTokens), reload(dependencies.reload))
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
  app.use((request) => {
    throw new Problem(404, `there is no ${request.method} ${request.path} here`)
  })
  app.use(answerProblems(observer))
  return app
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
