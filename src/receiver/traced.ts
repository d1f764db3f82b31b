import type { RequestHandler } from 'express'
import type { RequestTracer } from './ports.ts'

/** Traces the requests to this route. Without a tracer there is no handler at all. */
export function traced(tracer: RequestTracer | undefined): readonly RequestHandler[] {
  return tracer === undefined ? [] : [tracedBy(tracer)]
}

function tracedBy(tracer: RequestTracer): RequestHandler {
  return (request, response, next) => {
    const { method, protocol: scheme, headers } = request
    const end = tracer.follow({ method, route: request.route.path, scheme, headers }, next)
    response.once('close', () => end(response.writableFinished ? response.statusCode : undefined))
  }
}
