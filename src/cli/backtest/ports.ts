import type { Settings } from '../../config/settings.ts'
import type { RangeQuery, RangeSample } from '../../prometheus/query-range.ts'
import type { Engine } from '../check/ports.ts'

/** What `backtest`, `simulate` and `decide` need from outside. */
export interface BacktestPorts {
  /** Throws where the settings lead to no engine. */
  readonly connect: (settings: Settings) => Engine
  /** The samples of a range. Rejects with a message for the user where Prometheus cannot be asked, or answers no single series. */
  readonly queryRange: (query: RangeQuery) => Promise<readonly RangeSample[]>
  readonly nowMs: () => number
  /** The lines of standard input. */
  readonly lines: () => AsyncIterable<string>
  /** Shows how far something is, from 0 to 1, where somebody watches. 1 takes it away again. */
  readonly progress: (what: string, share: number) => void
}
