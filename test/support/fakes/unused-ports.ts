import type { CommandContext } from '../../../src/cli/command.ts'
import { FakeClock } from './fake-clock.ts'

const unused = (): never => {
  throw new Error('this command does not need it')
}

/** For commands that need nothing from outside. */
export const unusedPorts = {
  start: unused,
  untilAskedToStop: unused,
  input: unused,
  loadSimulatorPorts: async () => ({ connect: unused, queryRange: unused, nowMs: unused, progress: unused }),
  client: {
    fetch: unused,
    clock: new FakeClock(),
    screen: { columns: () => undefined, paint: (_, text) => text, timeZone: 'UTC' },
  },
  check: {
    connect: unused,
    queryPrometheus: unused,
    queryRetentionMs: unused,
  },
} as const satisfies Partial<CommandContext>
