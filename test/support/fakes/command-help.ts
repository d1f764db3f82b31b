import { runCommand } from '../../../src/cli/command.ts'
import { asksNobody, checksNothing, noBacktestPorts } from './unused-ports.ts'

/** What `swarm-autoscaler <command> --help` prints; without a command, `swarm-autoscaler --help`. */
export async function commandHelp(...command: readonly string[]): Promise<string> {
  const lines: string[] = []
  const unused = () => Promise.reject(new Error('help starts nothing'))
  await runCommand([...command, '--help'], {
    version: '1.2.3',
    environment: {},
    streams: { out: (line) => lines.push(line), err: (line) => lines.push(line) },
    start: unused,
    untilAskedToStop: unused,
    check: checksNothing,
    ask: asksNobody,
    backtest: noBacktestPorts,
  })
  return lines.join('\n')
}
