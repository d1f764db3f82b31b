import type { Request, Response } from 'express'
import { Problem } from '../problem.ts'
import type { Moment } from './parameters.ts'

/** The type of answer that the caller prefers. Throws a `Problem` if it accepts none of them. */
export function offer<T extends string>(request: Request, types: readonly [T, ...T[]]): T {
  const accepted = request.accepts([...types])
  if (accepted === false)
    throw new Problem(406, `the answer is available as ${types.join(' or ')} only; check the Accept header`)
  return accepted as T
}

/** How long an answer may be cached. */
export type Freshness =
  /** Not without asking: the `ETag` is checked, and 304 says that nothing changed. */
  | 'now'
  /** For a minute: it is about a period that ended long ago. */
  | 'past'

const cacheControl = { now: 'private, no-cache', past: 'private, max-age=60' } as const satisfies Record<
  Freshness,
  string
>

/** A period that ended longer ago than this hardly changes: late entries are written by then. In ms. */
const settledAfterMs = 3_600_000

/** How long an answer about a period may be cached. Both moments are as the caller wrote them. Absent: not given. */
export function freshnessOf(since: Moment | undefined, until: Moment | undefined, nowMs: number): Freshness {
  const isFixed = since?.kind !== 'ago' && until?.kind === 'at'
  return isFixed && until.atMs < nowMs - settledAfterMs ? 'past' : 'now'
}

/** Sets the headers that all answers of the API share. Shared caches must not keep an answer. */
export function head(response: Response, freshness: Freshness = 'now'): Response {
  return response.set({
    'Cache-Control': cacheControl[freshness],
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept, Authorization',
  })
}

/** Sends an answer as JSON, if the caller accepts that. */
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
