const width = 30

/** A bar on a terminal; nothing elsewhere, since nobody watches a file. */
export function showProgress(stream: {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}): (what: string, share: number) => void {
  return (what, share) => {
    if (stream.isTTY !== true) return
    const done = Math.round(width * share)
    const bar = `${what} [${'#'.repeat(done)}${'.'.repeat(width - done)}] ${Math.round(100 * share)} %`
    // Back to the beginning of the line, and away with what stood there.
    stream.write(`\r\u001b[K${share >= 1 ? '' : bar}`)
  }
}
