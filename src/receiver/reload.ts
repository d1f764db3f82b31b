import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** `POST /-/reload`: answers 200 when all files are loaded, and 400 with all faults if a file is invalid. */
export function reload(reloadFiles: () => readonly string[]): RequestHandler {
  return (_request, response) => {
    const faults = reloadFiles()
    if (faults.length > 0) {
      throw new Problem(400, 'the files are invalid; keeping the current configuration', faults)
    }
    response.type('text').send('reloaded\n')
  }
}
