import { parentPort, workerData } from 'node:worker_threads'
import { toHistoryError } from '../history-error.ts'
import { SqliteFile } from './sqlite-file.ts'
import type { Answer, Call } from './thread-messages.ts'

/** The thread of a `SqliteStore`. Runs the calls one by one, and skips those that have timed out. */
const file = new SqliteFile(workerData)

parentPort?.on('message', (call: Call) => {
  if (Date.now() < call.untilMs) parentPort?.postMessage(answer(call))
})

function answer({ id, name, argument }: Call): Answer {
  try {
    return { id, value: file[name](argument as never) }
  } catch (thrown) {
    const { code, message } = toHistoryError(thrown)
    return { id, error: { code, message } }
  }
}
