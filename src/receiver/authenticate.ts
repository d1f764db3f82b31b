import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** Lets through who shows one of the tokens as `Authorization: Bearer …`; everybody where there are no tokens. */
export function requireBearer(tokens: readonly string[]): RequestHandler {
  const digests = tokens.map(digest)
  return (request, response, next) => {
    if (digests.length === 0) return next()
    const shown = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (shown === undefined) {
      response.set('WWW-Authenticate', 'Bearer')
      throw new Problem(401, 'credentials are missing; send Authorization: Bearer and the webhook token')
    }
    const shownDigest = digest(shown)
    // All are compared, each in constant time, so that the time taken tells nothing about a token.
    const matches = digests.filter((expected) => timingSafeEqual(expected, shownDigest))
    if (matches.length === 0) throw new Problem(403, 'the token is not the one of AUTOSCALER_WEBHOOK_TOKEN')
    next()
  }
}

/** Digests are equally long, as the comparison needs, whatever the tokens are. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
