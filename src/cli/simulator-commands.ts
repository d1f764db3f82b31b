import { existsSync } from 'node:fs'
import type { Environment } from '../config/load.ts'
import type { SimulatorPorts } from './simulator/ports.ts'
import { exitStatus, type Streams } from './streams.ts'

export interface SimulatorContext {
  readonly environment: Environment
  readonly streams: Streams
  /** Loads what the simulator's commands need from outside, once one of them runs. */
  readonly loadSimulatorPorts: () => Promise<SimulatorPorts>
}

const notInstalled = (command: string) =>
  `swarm-autoscaler: ${command} is not part of the receiver's image; run it as "docker run --rm swarm-autoscaler-tools ${command}", ` +
  'after "docker build --target tools -t swarm-autoscaler-tools ." in the repository'

/**
 * Runs a command of the simulator. Its code is loaded only here, so that no other command loads it, and the receiver's image can leave it
 * out; there, says how to run it and resolves with 1.
 */
export async function runSimulator(
  command: 'backtest' | 'simulate',
  args: readonly string[],
  { environment, streams, loadSimulatorPorts }: SimulatorContext,
): Promise<number> {
  if (!existsSync(new URL('./simulator', import.meta.url))) {
    streams.err(notInstalled(command))
    return exitStatus.failure
  }
  const ports = await loadSimulatorPorts()
  if (command === 'simulate') {
    const { simulate } = await import('./simulator/simulate.ts')
    return simulate(args, { streams })
  }
  const { backtest } = await import('./simulator/backtest.ts')
  return backtest(args, { environment, streams, ports })
}
