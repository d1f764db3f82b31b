import type { AskPorts } from '../../../src/cli/ask/ports.ts'
import type { BacktestPorts } from '../../../src/cli/backtest/ports.ts'
import type { CheckPorts } from '../../../src/cli/check/ports.ts'
import { FakeClock } from './fake-clock.ts'

const unused = (): never => {
  throw new Error('this command has no need of it')
}

/** For commands that ask no receiver. */
export const asksNobody: AskPorts = {
  fetch: unused,
  clock: new FakeClock(),
  screen: { columns: () => undefined, paint: (_, text) => text, timeZone: 'UTC' },
}

/** For commands that check nothing. */
export const checksNothing: CheckPorts = {
  connect: unused,
  queryPrometheus: unused,
  askRetentionMs: unused,
  checkPolicyFile: unused,
}

/** For commands that look back on nothing. */
export const noBacktestPorts: BacktestPorts = {
  connect: unused,
  queryRange: unused,
  nowMs: unused,
  lines: unused,
  progress: unused,
}
