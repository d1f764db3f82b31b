import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** The tokens in force, asked for at each request: they change without a restart. None: the door is open. */
type TokensInForce = () => readonly string[]

/** What one door asks for. A token is shown as `Authorization: Bearer …`, or as the password of any user. */
interface Door {
  readonly tokens: TokensInForce
  /** The setting that the tokens come from. */
  readonly setting: string
  /** What to send. */
  readonly remedy: string
  /** How a wrong password is answered. A browser asks for one again after 401 only. */
  readonly wrongPassword: 401 | 403
}

/** Before what scales, and before the reload. */
export function requireWebhookToken(tokens: TokensInForce): RequestHandler {
  const remedy = 'send the webhook token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_WEBHOOK_TOKEN', remedy, wrongPassword: 403 })
}

/** Before the API and the page. */
export function requireReader(tokens: TokensInForce): RequestHandler {
  const remedy = 'send the read token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_READ_TOKEN', remedy, wrongPassword: 401 })
}

/** Before the metrics. */
export function requireScraper(tokens: TokensInForce): RequestHandler {
  const remedy = 'send the metrics token as Authorization: Bearer, or as the password of any user'
  return guard({ tokens, setting: 'AUTOSCALER_METRICS_TOKEN', remedy, wrongPassword: 401 })
}

const challenges = ['Bearer realm="swarm-autoscaler"', 'Basic realm="swarm-autoscaler", charset="UTF-8"']

function guard({ tokens, setting, remedy, wrongPassword }: Door): RequestHandler {
  return (request, response, next) => {
    const accepted = tokens()
    if (accepted.length === 0) return next()
    const header = request.headers.authorization ?? ''
    const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1]
    const password = passwordOf(header)
    const shown = bearer ?? password
    if (shown !== undefined && isOneOf(accepted, shown)) return next()
    const [what, status] = bearer === undefined ? ['password', wrongPassword] : ['token', 403]
    if (shown !== undefined && status === 403) throw new Problem(403, `the ${what} is not one of ${setting}`)
    response.set('WWW-Authenticate', challenges)
    throw new Problem(
      401,
      shown === undefined ? `credentials are missing; ${remedy}` : `the ${what} is not one of ${setting}`,
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
function isOneOf(tokens: readonly string[], shown: string): boolean {
  const shownDigest = digest(shown)
  return tokens.filter((token) => timingSafeEqual(digest(token), shownDigest)).length > 0
}

/** Digests are equally long, as the comparison needs, whatever the tokens are. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
