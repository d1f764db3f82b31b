/** Where a command writes its lines. */
export interface Streams {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** What a command's exit status says. */
export const exitStatus = { good: 0, failure: 1, wrongUsage: 2 } as const
