import { execFile } from 'node:child_process'

/** What a command said (standard output and error together) and how it ended. */
export type ToolResult = { readonly exitCode: number; readonly output: string }

/** Runs a command to its end, for at most 30 s. Throws when it cannot be started or is killed, never for its exit code. */
export function runTool(command: string, args: readonly string[]): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, output: stdout + stderr })
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output: stdout + stderr })
      else reject(error)
    })
  })
}
