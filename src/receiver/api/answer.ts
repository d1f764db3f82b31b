import type { Request, Response } from 'express'
import { Problem } from '../problem.ts'
import type { Moment } from './parameters.ts'

/** The type of answer that the caller likes best of those that there are. Throws a `Problem` where it takes none. */
export function offer<T extends string>(request: Request, types: readonly [T, ...T[]]): T {
  const accepted = request.accepts([...types])
  if (accepted === false)
    throw new Problem(406, `this can be given as ${types.join(' or ')}; see the header Accept`)
  return accepted as T
}

/** How long an answer may be used again without asking. */
export type Freshness =
  /** Not at all: it is asked whether it is still the same (`ETag`), and 304 says so. */
  | 'now'
  /** For a minute: it is about a time that has long ended. */
  | 'past'

const cacheControl = { now: 'private, no-cache', past: 'private, max-age=60' } as const satisfies Record<
  Freshness,
  string
>

/** A time that ended so long ago hardly changes: late entries are written by then, in ms. */
const settledAfterMs = 3_600_000

/** How long an answer about a time stays the same. Both moments as they were asked for; absent where they were not. */
export function freshnessOf(since: Moment | undefined, until: Moment | undefined, nowMs: number): Freshness {
  const isFixed = since?.kind !== 'ago' && until?.kind === 'at'
  return isFixed && until.atMs < nowMs - settledAfterMs ? 'past' : 'now'
}

/** What every answer of the API has in common. What it says is for whoever may read it, and for nobody on the way. */
export function head(response: Response, freshness: Freshness = 'now'): Response {
  return response.set({
    'Cache-Control': cacheControl[freshness],
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept, Authorization',
  })
}

/** Sends an answer as JSON, to whoever takes that. */
export function sendJson(request: Request, response: Response, body: object, freshness?: Freshness): void {
  offer(request, ['application/json'])
  head(response, freshness).json(body)
}

/** A moment as the API writes it: RFC 3339 with ms, in UTC. */
export function timeOf(ms: number): string
export function timeOf(ms: number | undefined): string | undefined
export function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}
