/** Where a command writes its lines. */
export interface Streams {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** What a command's exit status says. */
export const exitStatus = { good: 0, failure: 1, wrongUsage: 2 } as const

/** Writes lines to a stream. Where its reader has gone (`| head -1`), the process ends quietly: nobody is left to read the rest. */
export function linesTo(stream: NodeJS.WriteStream): (line: string) => void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.good)
    throw error
  })
  return (line) => {
    stream.write(`${line}\n`)
  }
}
