import type { AskContext } from './ask/ports.ts'
import type { BacktestContext } from './backtest/run-command.ts'
import { backtest } from './backtest.ts'
import { type CheckContext, check } from './check.ts'
import { decideLines } from './decide.ts'
import { events } from './events.ts'
import { health } from './health.ts'
import { type ServeOptions, serve } from './serve.ts'
import { services } from './services.ts'
import { simulate } from './simulate.ts'
import { exitStatus } from './streams.ts'

const usage = [
  'Usage: swarm-autoscaler <command> [options]',
  '',
  'Commands:',
  '  serve     receive alerts and scale services; serve --help lists its settings',
  '  check     say what would not work in labels, policy file, rules and routes; check --help says more',
  '  events    print what was done with services and why, as it happens with --follow; events --help says more',
  '  services  print how services stand and what holds them; services --help says more',
  '  health    say whether the receiver of this machine is alive, for the health check of its container; health --help says more',
  '  backtest  say what the autoscaler would have done with the load that there was; backtest --help says more',
  '  simulate  do the same on a made-up load; simulate --help says more',
  '  decide    decide line by line, for a simulator of your own; decide --help says more',
  '',
  '--version prints which version this is.',
].join('\n')

/** Runs the command that the arguments name. Resolves with the exit status of the process. */
export async function runCommand(
  args: readonly string[],
  options: ServeOptions & CheckContext & AskContext & BacktestContext & { readonly version: string },
): Promise<number> {
  const [command, ...rest] = args
  switch (command) {
    case 'serve':
      return serve(rest, options)
    case 'check':
      return check(rest, options)
    case 'events':
      return events(rest, options)
    case 'services':
      return services(rest, options)
    case 'health':
      return health(rest, options)
    case 'backtest':
      return backtest(rest, options)
    case 'simulate':
      return simulate(rest, options)
    case 'decide':
      return decideLines(rest, options)
    case '--help':
    case '-h':
    case 'help':
      options.streams.out(usage)
      return exitStatus.good
    case '--version':
      options.streams.out(options.version)
      return exitStatus.good
    default:
      options.streams.err(
        command === undefined ? usage : `swarm-autoscaler: there is no command ${command}\n${usage}`,
      )
      return exitStatus.wrongUsage
  }
}
