import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** How callers may show a token, and what they are told where they do not. */
interface Door {
  readonly tokens: readonly string[]
  /** The setting that the tokens come from. */
  readonly setting: string
  readonly challenges: readonly string[]
  /** What to send. */
  readonly remedy: string
  /** Whether the password of any user is a token as well: what a browser asks for. */
  readonly takesBasic: boolean
}

/** Lets through who shows one of the tokens as `Authorization: Bearer …`; everybody where there are no tokens. */
export function requireBearer(tokens: readonly string[]): RequestHandler {
  return guard({
    tokens,
    setting: 'AUTOSCALER_WEBHOOK_TOKEN',
    challenges: ['Bearer'],
    remedy: 'send Authorization: Bearer and the webhook token',
    takesBasic: false,
  })
}

/** Lets through who shows one of the tokens as Bearer, or as the password of any user; everybody where there are no tokens. */
export function requireReader(tokens: readonly string[]): RequestHandler {
  return guard({
    tokens,
    setting: 'AUTOSCALER_READ_TOKEN',
    challenges: ['Bearer realm="swarm-autoscaler"', 'Basic realm="swarm-autoscaler", charset="UTF-8"'],
    remedy: 'send the read token as Authorization: Bearer, or as the password of any user',
    takesBasic: true,
  })
}

function guard({ tokens, setting, challenges, remedy, takesBasic }: Door): RequestHandler {
  const digests = tokens.map(digest)
  return (request, response, next) => {
    if (digests.length === 0) return next()
    const header = request.headers.authorization ?? ''
    const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1]
    const password = takesBasic ? passwordOf(header) : undefined
    const shown = bearer ?? password
    const isKnown = shown !== undefined && isOneOf(digests, shown)
    if (isKnown) return next()
    // A browser asks for a password again after 401 only.
    if (bearer !== undefined) throw new Problem(403, `the token is not the one of ${setting}`)
    response.set('WWW-Authenticate', [...challenges])
    throw new Problem(
      401,
      password === undefined
        ? `credentials are missing; ${remedy}`
        : `the password is not the one of ${setting}`,
    )
  }
}

/** The password of Basic credentials (RFC 7617). Absent where there are none. */
function passwordOf(header: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? undefined : decoded.slice(colon + 1)
}

/** All are compared, each in constant time, so that the time taken tells nothing about a token. */
function isOneOf(digests: readonly Buffer[], shown: string): boolean {
  const shownDigest = digest(shown)
  return digests.filter((expected) => timingSafeEqual(expected, shownDigest)).length > 0
}

/** Digests are equally long, as the comparison needs, whatever the tokens are. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
