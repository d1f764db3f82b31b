import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler } from 'express'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { cut } from '../text/cut.ts'
import { visible } from '../text/visible.ts'
import type { Problem as ProblemAnswer } from './api/schemas.ts'
import type { ReceiverObserver } from './ports.ts'

/** An error with the HTTP status that answers it. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  /** All faults of the request, if there can be more than one. */
  readonly faults: readonly string[] | undefined

  constructor(status: number, message: string, faults?: readonly string[]) {
    super(message)
    this.status = status
    this.faults = faults
  }
}

/**
 * The one place where errors become answers, as problem details (RFC 9457). Alertmanager retries after 5xx only: a
 * temporary fault must be a 503, and a bad request must not.
 */
export function answerProblems(observer: ReceiverObserver): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const { status, detail, ...more } = toProblem(error)
    if (status === 500) observer.broke(error)
    const title = STATUS_CODES[status] ?? String(status)
    const answer: ProblemAnswer = { type: 'about:blank', title, status, detail: shown(detail), ...more }
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    response.status(status).type('application/problem+json').json(answer)
  }
}

/** Longest detail of an answer, in characters. */
const longestDetail = 1_000

/** A message may repeat parts of the request, so it is cut and made safe to print. */
function shown(message: string): string {
  return visible(cut(message, longestDetail))
}

type ProblemDetails = Pick<ProblemAnswer, 'status' | 'detail' | 'faults'>

function toProblem(error: unknown): ProblemDetails {
  if (error instanceof Problem) {
    const { status, message: detail, faults } = error
    return { status, detail, ...(faults === undefined ? {} : { faults: faults.map(shown) }) }
  }
  if (error instanceof SwarmError) return { status: 503, detail: error.message }
  // Errors of the router have the right status. Their message repeats the request.
  const status = (error as { status?: unknown } | null)?.status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, detail: 'the URL is invalid' }
  }
  return { status: 500, detail: 'internal error; see the log of the receiver' }
}
