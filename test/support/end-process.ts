import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { within } from './testbed/wait.ts'

/** How long a process may take to end once it was asked to, of the machine's time. */
const endsWithinMs = 60_000

/**
 * Asks a process to end, unless it has, and waits for that. Resolves with its exit status or the signal that ended it. One that
 * does not end in a minute is killed, and that is an error: what hangs is told, and stays nobody's burden.
 */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
  timeoutMs = endsWithinMs,
): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode
  const ended = once(child, 'exit')
  child.kill(signal)
  const limit = { for: `process ${child.pid} to end on ${signal}`, timeoutMs }
  await within(() => ended, limit).catch(async (error: unknown) => {
    child.kill('SIGKILL')
    await ended
    throw error
  })
  return child.exitCode ?? child.signalCode
}
