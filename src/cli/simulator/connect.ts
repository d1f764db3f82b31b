import { queryRange } from '../../prometheus/query-range.ts'
import { checkPorts } from '../check/connect.ts'
import type { SimulatorPorts } from './ports.ts'
import { showProgress } from './progress.ts'

/** The real ones. */
export const simulatorPorts: SimulatorPorts = {
  connect: checkPorts.connect,
  queryRange,
  nowMs: () => Date.now(),
  progress: showProgress(process.stderr),
}
