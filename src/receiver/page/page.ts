import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import type { DockerHealth } from '../api/docker-health.ts'
import { layout } from './layout.ts'
import { createPageCache } from './page-cache.ts'
import { readQuery } from './query.ts'
import { type PageSources, viewOf } from './view.ts'

/** Only files from the receiver, no inline scripts or styles, and no frames. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  // The page shows this moment, and may be confidential.
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

type PageDependencies = Omit<PageSources, 'cache'> & { readonly docker: Pick<DockerHealth, 'read'> }

/** `GET /`: the status page. An invalid query is explained on the page, with status 400. */
export function statusPage(dependencies: PageDependencies): RequestHandler {
  const sources = { ...dependencies, cache: createPageCache(dependencies) }
  return async (request, response) => {
    const query = readQuery(request.query)
    const isInvalid = 'faults' in query
    const view = await viewOf(sources, isInvalid ? { page: 1 } : query, isInvalid ? query.faults : [])
    response
      .status(isInvalid ? 400 : 200)
      .set(headers)
      .type('html')
    await send(layout(view).toString(), request, response)
  }
}

const compress = promisify(gzip)

/** Sends the page, compressed to a tenth if the browser accepts that: it is requested again every few seconds. */
async function send(page: string, request: Request, response: Response): Promise<void> {
  response.vary('Accept-Encoding')
  if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    response.send(page)
    return
  }
  const body = await compress(page, { level: constants.Z_BEST_SPEED })
  response.set('Content-Encoding', 'gzip').send(body)
}
