import { type CheckContext, check } from './check.ts'
import type { ClientContext } from './client/ports.ts'
import { type DecideContext, decideLines } from './decide.ts'
import { events } from './events.ts'
import { health } from './health.ts'
import { type ServeOptions, serve } from './serve.ts'
import { services } from './services.ts'
import { runSimulator, type SimulatorContext } from './simulator-commands.ts'
import { exitStatus } from './streams.ts'

/** What the commands need from outside. */
export interface CommandContext
  extends ServeOptions,
    CheckContext,
    ClientContext,
    DecideContext,
    SimulatorContext {
  readonly version: string
}

interface Command {
  /** What it does, for `--help`. */
  readonly about: string
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number>
}

const commands: Readonly<Record<string, Command>> = {
  serve: { about: 'receive alerts and scale services; serve --help lists its settings', run: serve },
  check: { about: 'report what would not work in labels, policy file, rules and routes', run: check },
  events: { about: 'print what was done with services and why; --follow prints new events too', run: events },
  services: { about: 'print the status of services and what holds them', run: services },
  health: { about: 'report whether the receiver on this machine is alive, for health checks', run: health },
  backtest: {
    about: 'show what the autoscaler would have done with the load of the past',
    run: (args, context) => runSimulator('backtest', args, context),
  },
  simulate: {
    about: 'show what the autoscaler does with a made-up load',
    run: (args, context) => runSimulator('simulate', args, context),
  },
  decide: { about: 'make decisions line by line, for a simulator of your own', run: decideLines },
}

const usage = [
  'Usage: swarm-autoscaler <command> [options]',
  '',
  'Commands:',
  ...Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`),
  '',
  'swarm-autoscaler <command> --help prints the options of a command, swarm-autoscaler --version the version.',
].join('\n')

/** Runs the command that the arguments name. Resolves with the exit status of the process. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args
  const { streams, version } = context
  if (name === '--help' || name === '-h' || name === 'help') {
    streams.out(usage)
    return exitStatus.good
  }
  if (name === '--version') {
    streams.out(version)
    return exitStatus.good
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command !== undefined) return command.run(rest, context)
  streams.err(name === undefined ? usage : `swarm-autoscaler: unknown command "${name}"\n${usage}`)
  return exitStatus.wrongUsage
}
