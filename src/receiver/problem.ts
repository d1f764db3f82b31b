import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler } from 'express'
import { SwarmError } from '../reconcile/swarm-error.ts'
import { cut } from '../text/cut.ts'
import { visible } from '../text/unseen.ts'
import type { Problem as ProblemAnswer } from './api/schemas.ts'
import type { ReceiverObserver } from './ports.ts'

/** A refusal of the receiver's own, with the HTTP status that says it. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  /** All that is wrong with what was asked, where it is more than one thing. */
  readonly faults: readonly string[] | undefined

  constructor(status: number, message: string, faults?: readonly string[]) {
    super(message)
    this.status = status
    this.faults = faults
  }
}

/**
 * The one place where errors become answers, as problem details (RFC 9457). Alertmanager tries again after 5xx only: a
 * passing fault must answer 503, and a bad request must not.
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

/** Longest of the words that an answer repeats, in characters. */
const longestDetail = 1_000

/** What was asked may stand in the words of its refusal. */
function shown(words: string): string {
  return visible(cut(words, longestDetail))
}

type ProblemDetails = Pick<ProblemAnswer, 'status' | 'detail' | 'faults'>

function toProblem(error: unknown): ProblemDetails {
  if (error instanceof Problem) {
    const { status, message: detail, faults } = error
    return { status, detail, ...(faults === undefined ? {} : { faults: faults.map(shown) }) }
  }
  if (error instanceof SwarmError) return { status: 503, detail: error.message }
  // Errors of the router carry the status that fits. Their words repeat what was sent.
  const status = (error as { status?: unknown } | null)?.status
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, detail: 'the address cannot be understood' }
  }
  return { status: 500, detail: 'a fault of the receiver; its log says more' }
}
