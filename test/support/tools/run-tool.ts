import { execFile } from 'node:child_process'
import { within } from '../testbed/wait.ts'

/** What a command said (standard output and error together) and how it ended. */
export type ToolResult = { readonly exitCode: number; readonly output: string }

/**
 * Runs a command to its end. Throws when it cannot be started, and when it has not ended after `timeoutMs` of the time that the machine
 * gave (default 50 s, four times what the longest takes), naming the command; never for its exit code.
 */
export function runTool(command: string, args: readonly string[], timeoutMs = 50_000): Promise<ToolResult> {
  const limit = { for: `the end of: ${[command, ...args].join(' ')}`, timeoutMs }
  return within((signal) => toEnd(command, args, signal), limit)
}

const options = {
  // What fails may say a lot.
  maxBuffer: 64 * 1_024 * 1_024,
  // Go looks for garbage a quarter as often, which makes promtool a fifth cheaper.
  env: { GOGC: '400', ...process.env },
}

function toEnd(command: string, args: readonly string[], signal: AbortSignal): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, output: stdout + stderr })
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output: stdout + stderr })
      else reject(error)
    })
    // What hangs may not listen to SIGTERM.
    signal.addEventListener('abort', () => child.kill('SIGKILL'))
  })
}
