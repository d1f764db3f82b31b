import { type RunOptions, run } from './processes.ts'

/** The docker command, on one engine. Gives its stdout, rejects with what it said on stderr. */
export type Docker = (args: readonly string[], options?: RunOptions) => Promise<string>

export function dockerOn(dockerHost: string, environment: Readonly<Record<string, string>> = {}): Docker {
  return (args, options = {}) =>
    run('docker', args, { ...options, env: { ...environment, ...options.env, DOCKER_HOST: dockerHost } })
}

/** The lines of an output, without the empty ones. */
export function lines(output: string): readonly string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
