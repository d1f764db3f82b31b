/** The command line, or a file that it names, is wrong. The message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
