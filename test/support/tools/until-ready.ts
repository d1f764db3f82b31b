import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { waitFor } from '../testbed/wait.ts'

/** Most that a server may take to be ready, in ms of the time that the machine gives. */
const timeoutMs = 30_000

/**
 * Waits until the server that `started` is answers at `/-/ready`. Rejects where it ends or does not, with what it has written to its
 * standard error, which has to be a pipe and is read from now on.
 */
export async function untilReady(url: string, started: ChildProcess, name: string): Promise<void> {
  let log = ''
  started.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const ended = new AbortController()
  started.once('exit', () => ended.abort())
  const isReady = async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined)
  const patience = { for: `${name} to be ready`, timeoutMs, everyMs: 50, signal: ended.signal }
  await waitFor(isReady, { ...patience, explain: async () => log }).catch(async (error: unknown) => {
    if (!ended.signal.aborted) throw error
    if (started.stderr?.readableEnded === false) await once(started.stderr, 'end')
    throw new Error(`${name} ended before it was ready:\n${log}`)
  })
}
