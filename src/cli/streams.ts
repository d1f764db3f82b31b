import { createInterface } from 'node:readline'

/** Where a command writes its lines. */
export interface Streams {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** Exit statuses of all commands. */
export const exitStatus = { good: 0, failure: 1, wrongUsage: 2 } as const

/** Writes lines to a stream. If its reader is gone (`| head -1`), the process ends without an error. */
export function linesTo(stream: NodeJS.WriteStream): (line: string) => void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.good)
    throw error
  })
  return (line) => {
    stream.write(`${line}\n`)
  }
}

/** The lines of standard input. */
export function linesOfInput(): AsyncIterable<string> {
  return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
}
