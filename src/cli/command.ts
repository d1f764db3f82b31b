import { type CheckContext, check } from './check.ts'
import { type ServeOptions, serve } from './serve.ts'
import { exitStatus } from './streams.ts'

const usage = [
  'Usage: swarm-autoscaler <command> [options]',
  '',
  'Commands:',
  '  serve    receive alerts and scale services; serve --help lists its settings',
  '  check    say what would not work in labels, policy file, rules and routes; check --help says more',
].join('\n')

/** Runs the command that the arguments name. Resolves with the exit status of the process. */
export async function runCommand(
  args: readonly string[],
  options: ServeOptions & CheckContext,
): Promise<number> {
  const [command, ...rest] = args
  switch (command) {
    case 'serve':
      return serve(rest, options)
    case 'check':
      return check(rest, options)
    case '--help':
    case '-h':
    case 'help':
      options.streams.out(usage)
      return exitStatus.good
    default:
      options.streams.err(
        command === undefined ? usage : `swarm-autoscaler: there is no command ${command}\n${usage}`,
      )
      return exitStatus.wrongUsage
  }
}
