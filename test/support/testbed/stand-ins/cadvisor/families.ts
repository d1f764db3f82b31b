import type { Sighting } from './sighting.ts'

export type Labels = Readonly<Record<string, string>>
type Value = readonly [value: number, labels?: Labels]

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  /** What is set rather than measured carries no time of its own. */
  readonly timed: boolean
  readonly values: (sighting: Sighting) => readonly Value[]
}

const measured = { type: 'counter', timed: true } as const
const set = { type: 'gauge', timed: false } as const

/** By name, as they are printed. */
export const families: readonly Family[] = [
  {
    ...measured,
    name: 'container_cpu_cfs_periods_total',
    help: 'Number of elapsed enforcement period intervals.',
    values: ({ quota }) => (quota === undefined ? [] : [[quota.periods]]),
  },
  {
    ...measured,
    name: 'container_cpu_cfs_throttled_periods_total',
    help: 'Number of throttled period intervals.',
    values: ({ quota }) => (quota === undefined ? [] : [[quota.throttledPeriods]]),
  },
  {
    ...measured,
    name: 'container_cpu_usage_seconds_total',
    help: 'Cumulative cpu time consumed in seconds.',
    values: ({ cpuSeconds }) => [[cpuSeconds, { cpu: 'total' }]],
  },
  {
    ...measured,
    name: 'container_memory_working_set_bytes',
    type: 'gauge',
    help: 'Current working set in bytes.',
    values: ({ workingSetBytes }) => [[workingSetBytes]],
  },
  {
    ...measured,
    name: 'container_network_receive_bytes_total',
    help: 'Cumulative count of bytes received',
    values: ({ interfaces }) =>
      interfaces.map(({ name, receivedBytes }) => [receivedBytes, { interface: name }]),
  },
  {
    ...measured,
    name: 'container_network_transmit_bytes_total',
    help: 'Cumulative count of bytes transmitted',
    values: ({ interfaces }) => interfaces.map(({ name, sentBytes }) => [sentBytes, { interface: name }]),
  },
  {
    ...measured,
    name: 'container_pressure_cpu_waiting_seconds_total',
    help: 'Total time duration tasks in the container have waited due to CPU congestion.',
    values: ({ cpuWaitingSeconds }) => [[cpuWaitingSeconds]],
  },
  {
    ...set,
    name: 'container_spec_cpu_period',
    help: 'CPU period of the container.',
    values: ({ cpuPeriodUs }) => [[cpuPeriodUs]],
  },
  {
    ...set,
    name: 'container_spec_cpu_quota',
    help: 'CPU quota of the container.',
    values: ({ quota }) => (quota === undefined ? [] : [[quota.quotaUs]]),
  },
  {
    ...set,
    name: 'container_spec_memory_limit_bytes',
    help: 'Memory limit for the container.',
    values: ({ memoryLimitBytes }) => [[memoryLimitBytes]],
  },
]
