const width = 30

/** A progress bar on a terminal; nothing in a file or a pipe. */
export function showProgress(stream: {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}): (task: string, share: number) => void {
  return (task, share) => {
    if (stream.isTTY !== true) return
    const done = Math.round(width * share)
    const bar = `${task} [${'#'.repeat(done)}${'.'.repeat(width - done)}] ${Math.round(100 * share)} %`
    // Back to the start of the line, and clear it.
    stream.write(`\r\u001b[K${share >= 1 ? '' : bar}`)
  }
}
