import { type CommandContext, runCommand } from '../../../src/cli/command.ts'
import { unusedPorts } from './unused-ports.ts'

export interface CommandWorld extends Partial<Omit<CommandContext, 'streams' | 'version'>> {
  /** Called with each line as it is printed. */
  readonly onLine?: (line: string) => void
}

/** Runs a command, and collects what it prints. What the world does not have fails when it is used. */
export async function run(args: readonly string[], { onLine, ...world }: CommandWorld = {}) {
  const out: string[] = []
  const err: string[] = []
  const status = await runCommand(args, {
    ...unusedPorts,
    environment: {},
    version: '1.2.3',
    ...world,
    streams: {
      out: (line) => {
        out.push(line)
        onLine?.(line)
      },
      err: (line) => void err.push(line),
    },
  })
  return { status, out, err }
}

/** The same, with the lines of each stream as one text. */
export async function runToText(args: readonly string[], world: CommandWorld = {}) {
  const { status, out, err } = await run(args, world)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

/** The output of `swarm-autoscaler <command> --help`; without a command, of `swarm-autoscaler --help`. */
export async function commandHelp(...command: readonly string[]): Promise<string> {
  return (await runToText([...command, '--help'])).out
}
