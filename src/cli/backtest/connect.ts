import { createInterface } from 'node:readline'
import { queryRange } from '../../prometheus/query-range.ts'
import { checkPorts } from '../check/connect.ts'
import type { BacktestPorts } from './ports.ts'
import { showProgress } from './progress.ts'

/** The real things that the commands need. */
export const backtestPorts: BacktestPorts = {
  connect: checkPorts.connect,
  queryRange,
  nowMs: () => Date.now(),
  lines: () => createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY }),
  progress: showProgress(process.stderr),
}
