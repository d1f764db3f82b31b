import type { Environment } from '../../config/load.ts'
import type { Streams } from '../streams.ts'
import type { SimulatorPorts } from './ports.ts'

/** What the commands of this folder are run with. */
export interface SimulatorCommandContext {
  readonly environment: Environment
  readonly streams: Streams
  readonly ports: SimulatorPorts
}
