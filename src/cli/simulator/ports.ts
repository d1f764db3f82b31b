import type { Settings } from '../../config/settings.ts'
import type { RangeQuery, RangeSample } from '../../prometheus/query-range.ts'
import type { Engine } from '../check/ports.ts'

/** What `backtest` needs from outside. */
export interface SimulatorPorts {
  /** Throws if the settings lead to no engine. */
  readonly connect: (settings: Settings) => Engine
  /** The samples of a range. Rejects with a message for the user if Prometheus cannot be queried, or does not return exactly one series. */
  readonly queryRange: (query: RangeQuery) => Promise<readonly RangeSample[]>
  readonly nowMs: () => number
  /** Shows the progress of a task on a terminal, from 0 to 1; 1 removes it. */
  readonly progress: (task: string, share: number) => void
}
