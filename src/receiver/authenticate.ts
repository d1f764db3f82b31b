import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** The current tokens, read for each request since they change without a restart. Empty: no token is needed. */
type CurrentTokens = () => readonly string[]

/** What a group of routes requires. A token is sent as `Authorization: Bearer …`, or as the password of any user. */
interface Requirement {
  readonly tokens: CurrentTokens
  /** The setting that the tokens come from. */
  readonly setting: string
  /** What the caller should send. */
  readonly remedy: string
  /** The status for a wrong password. A browser asks again after 401 only. */
  readonly wrongPassword: 401 | 403
}

/** For the webhook and the reload. */
export function requireWebhookToken(tokens: CurrentTokens): RequestHandler {
  const remedy = 'send the webhook token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_WEBHOOK_TOKEN', remedy, wrongPassword: 403 })
}

/** For the API and the page. */
export function requireReader(tokens: CurrentTokens): RequestHandler {
  const remedy = 'send the read token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_READ_TOKEN', remedy, wrongPassword: 401 })
}

/** For the metrics. */
export function requireScraper(tokens: CurrentTokens): RequestHandler {
  const remedy = 'send the metrics token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_METRICS_TOKEN', remedy, wrongPassword: 401 })
}

const challenges = ['Bearer realm="swarm-autoscaler"', 'Basic realm="swarm-autoscaler", charset="UTF-8"']

function guard({ tokens, setting, remedy, wrongPassword }: Requirement): RequestHandler {
  return (request, response, next) => {
    const accepted = tokens()
    if (accepted.length === 0) return next()
    const header = request.headers.authorization ?? ''
    const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1]
    const password = passwordOf(header)
    const sent = bearer ?? password
    if (sent !== undefined && isOneOf(accepted, sent)) return next()
    const [what, status] = bearer === undefined ? ['password', wrongPassword] : ['token', 403]
    if (sent !== undefined && status === 403) throw new Problem(403, `the ${what} does not match ${setting}`)
    response.set('WWW-Authenticate', challenges)
    throw new Problem(
      401,
      sent === undefined ? `credentials are missing; ${remedy}` : `the ${what} does not match ${setting}`,
    )
  }
}

/** The password of Basic credentials (RFC 7617). Absent: there are none. */
function passwordOf(header: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon < 0 ? undefined : decoded.slice(colon + 1)
}

/** Compares with all tokens, each in constant time, so that the response time reveals nothing about a token. */
function isOneOf(tokens: readonly string[], sent: string): boolean {
  const sentDigest = digest(sent)
  return tokens.filter((token) => timingSafeEqual(digest(token), sentDigest)).length > 0
}

/** Digests all have the same length, which the comparison needs. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
