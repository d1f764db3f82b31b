import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** `POST /-/reload`: answers 200 when the policy file is in force as it is now, 400 with all faults where it was refused. */
export function reload(reloadPolicies: () => readonly string[]): RequestHandler {
  return (_request, response) => {
    const faults = reloadPolicies()
    if (faults.length > 0) {
      throw new Problem(400, 'the policy file is refused; what was in force stays so', faults)
    }
    response.type('text').send('reloaded\n')
  }
}
