import { delimiter, join } from 'node:path'
import { cache } from '../debian/cached.ts'
import { suite } from '../debian/suites.ts'
import { type RunOptions, run } from './processes.ts'

/** The docker command, on one engine. Gives its stdout, rejects with what it said on stderr. */
export type Docker = (args: readonly string[], options?: RunOptions) => Promise<string>

/** The environment in which a process finds the docker command of the test bed's suite, and else that of this machine. */
export function withSuiteDocker(): { readonly PATH: string } {
  return { PATH: [join(cache, suite(), 'bin'), process.env['PATH']].join(delimiter) }
}

/** The docker command of the test bed's suite, for an engine of that suite. */
export function dockerOn(dockerHost: string, environment: Readonly<Record<string, string>> = {}): Docker {
  return machineDockerOn(dockerHost, { ...withSuiteDocker(), ...environment })
}

/** The docker command of this machine, for an engine that is not ours. */
export function machineDockerOn(
  dockerHost: string,
  environment: Readonly<Record<string, string>> = {},
): Docker {
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
