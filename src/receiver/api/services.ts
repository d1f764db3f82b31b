import type { RequestHandler } from 'express'
import { defined } from '../../domain/defined.ts'
import type { HistoryEvent } from '../../domain/event.ts'
import { nearest } from '../../text/nearest.ts'
import type { HistoryReader, ServiceViews } from '../ports.ts'
import { Problem } from '../problem.ts'
import { sendJson, timeOf } from './answer.ts'
import { nextChangeView } from './decision-view.ts'
import { NoQuery } from './parameters.ts'
import { readQuery } from './query.ts'
import type { LastChange, ServiceDetail, ServicesAnswer } from './schemas/service.ts'
import { type Installation, lastChangeOf, serviceView } from './service-view.ts'

/** `GET /api/v1/services`: the status of every service. */
export function listServices(services: ServiceViews, now: () => Installation): RequestHandler {
  return (request, response) => {
    readQuery(NoQuery, request)
    const installation = now()
    const answer: ServicesAnswer = {
      services: services.statuses().map((status) => serviceView(status, installation)),
    }
    sendJson(request, response, answer)
  }
}

/** `GET /api/v1/services/{name}`: the status of one service, and what the next alert would change. */
export function showService(
  services: ServiceViews,
  history: Pick<HistoryReader, 'events'>,
  now: () => Installation,
): RequestHandler {
  return async (request, response) => {
    readQuery(NoQuery, request)
    const name = String(request.params['name'])
    const status = services.status(name)
    if (status === undefined) throw unknownService(name, services)
    const { next, service } = status
    const lastChange = await lastInHistory(history, service.name, lastChangeOf(service.state))
    const answer: ServiceDetail = {
      ...serviceView(status, now()),
      ...defined({ lastChange }),
      next: { up: nextChangeView('up', next.up), down: nextChangeView('down', next.down) },
    }
    sendJson(request, response, answer)
  }
}

function unknownService(name: string, services: ServiceViews): Problem {
  const near = nearest(
    name.slice(0, 100),
    services.statuses().map(({ service }) => service.name),
  )
  const hint = near === undefined ? 'GET /api/v1/services lists all services' : `did you mean ${near}?`
  return new Problem(
    404,
    `no service with the name or ID ${JSON.stringify(name.slice(0, 100))} has autoscaler labels; ${hint}`,
  )
}

/** The last change from the history, unless the labels of the service remember a later one. */
async function lastInHistory(
  history: Pick<HistoryReader, 'events'>,
  service: string,
  remembered: LastChange | undefined,
): Promise<LastChange | undefined> {
  const [event] = await history.events({ service, kinds: ['scaled', 'changed'], limit: 1 })
  const recorded = event && changeOf(event)
  if (recorded === undefined || remembered === undefined) return recorded ?? remembered
  return recorded.at < remembered.at ? remembered : recorded
}

function changeOf({ id: event, atMs, from, to, reason, actor }: HistoryEvent): LastChange | undefined {
  if (from === undefined || to === undefined) return undefined
  const direction = to > from ? 'up' : 'down'
  return { at: timeOf(atMs), direction, from, to, ...defined({ reason }), actor, event }
}
