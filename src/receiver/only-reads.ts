import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

const allowed = 'GET, HEAD, OPTIONS'

/** Stands before what can only be read: says so to whoever tries anything else. */
export const onlyReads: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next()
  response.set('Allow', allowed)
  if (request.method !== 'OPTIONS') throw new Problem(405, `${request.path} can only be read`)
  response.status(204).end()
}
