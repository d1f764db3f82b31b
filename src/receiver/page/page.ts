import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'
import type { DockerHealth } from '../api/docker-health.ts'
import { layout } from './layout.ts'
import { createLook } from './look.ts'
import { readQuery } from './query.ts'
import { type PageSources, viewOf } from './view.ts'

/** Only what the receiver itself serves, nothing within the page, and in no frame. */
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
  // It tells of this very moment, and of what may be nobody else's business.
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

type PageDependencies = Omit<PageSources, 'look'> & { readonly docker: Pick<DockerHealth, 'read'> }

/** `GET /`: the status page. What is asked wrongly is told on the page, with status 400. */
export function statusPage(dependencies: PageDependencies): RequestHandler {
  const sources = { ...dependencies, look: createLook(dependencies) }
  return async (request, response) => {
    const query = readQuery(request.query)
    const isWrong = 'faults' in query
    const view = await viewOf(sources, isWrong ? { page: 1 } : query, isWrong ? query.faults : [])
    response
      .status(isWrong ? 400 : 200)
      .set(headers)
      .type('html')
    await send(layout(view).toString(), request, response)
  }
}

const compress = promisify(gzip)

/** Sends the page, a tenth of its size where the browser can read that: it is asked for again every few seconds. */
async function send(page: string, request: Request, response: Response): Promise<void> {
  response.vary('Accept-Encoding')
  if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    response.send(page)
    return
  }
  const body = await compress(page, { level: constants.Z_BEST_SPEED })
  response.set('Content-Encoding', 'gzip').send(body)
}
