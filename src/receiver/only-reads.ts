import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

const allowed = 'GET, HEAD, OPTIONS'

/** Rejects all methods but GET, HEAD and OPTIONS. */
export const onlyReads: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next()
  response.set('Allow', allowed)
  if (request.method !== 'OPTIONS') throw new Problem(405, `${request.path} is read-only`)
  response.status(204).end()
}
