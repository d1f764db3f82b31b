import type { RequestHandler } from 'express'
import type { RequestTracer } from './ports.ts'

/** Has the requests to this route followed. Where there is no tracer, nothing at all is done for a request. */
export function traced(tracer: RequestTracer | undefined): readonly RequestHandler[] {
  return tracer === undefined ? [] : [followedBy(tracer)]
}

function followedBy(tracer: RequestTracer): RequestHandler {
  return (request, response, next) => {
    const { method, protocol: scheme, headers } = request
    const end = tracer.follow({ method, route: request.route.path, scheme, headers }, next)
    response.once('close', () => end(response.writableFinished ? response.statusCode : undefined))
  }
}
