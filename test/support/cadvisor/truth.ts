import { type Recording, type Sample, samplesOf } from './recordings.ts'

/** What one replica uses at a moment. */
interface Use {
  readonly value: number
  /**
   * Whether the window is covered: no end of it is further from a sample than samples are from each other. Where one is, the container may have
   * come or gone in between, and Prometheus finds less than there was.
   */
  readonly isWhole: boolean
}

/** By the name of the replica. */
type UseByReplica = ReadonlyMap<string, Use>

/** What the recordings hold of one service. */
export interface RecordedService {
  readonly name: string
  /** Cores that a replica may use; 1 without a limit. */
  readonly cpuLimitCores: number
  /** Absent without a limit. */
  readonly memoryLimitBytes?: number
  /** By signal, at a time of the recordings. Cores and bytes per second: over 15 s, else over 30 s. Bytes: not older than 30 s. */
  readonly use: Readonly<Record<'cpu' | 'memory' | 'network', (atMs: number) => UseByReplica>>
  /** Whether a sample lies on the very edge of a window: Prometheus 2 counts it in, and 3 does not. */
  readonly isAmbiguous: (atMs: number) => boolean
}

type Series = readonly Sample[]

/** Of the rules, the shortest first. */
const windowsMs: readonly number[] = [15_000, 30_000]

/** Every service of which the recordings have a series. */
export function recordedServices(recordings: readonly Recording[]): readonly RecordedService[] {
  const samples = recordings.flatMap(({ text }) => samplesOf(text))
  const serviceOf = ({ labels }: Sample) => labels['container_label_com_docker_swarm_service_name'] ?? ''
  return [...Map.groupBy(samples, serviceOf)].flatMap(([name, ofService]) =>
    name === '' ? [] : [recordedService(name, ofService)],
  )
}

function recordedService(name: string, samples: Series): RecordedService {
  const first = (family: string) => samples.find((sample) => sample.name === family)?.value
  const seriesOf = (...families: readonly string[]): readonly Series[] => {
    const members = samples.filter((sample) => families.includes(sample.name))
    return [...Map.groupBy(members, (sample) => JSON.stringify([sample.name, sample.labels])).values()]
  }
  const quota = first('container_spec_cpu_quota')
  const memoryLimitBytes = first('container_spec_memory_limit_bytes') ?? 0
  const cpu = seriesOf('container_cpu_usage_seconds_total')
  const memory = seriesOf('container_memory_working_set_bytes')
  const network = seriesOf('container_network_receive_bytes_total', 'container_network_transmit_bytes_total')
  return {
    name,
    cpuLimitCores: quota === undefined ? 1 : quota / (first('container_spec_cpu_period') ?? Number.NaN),
    ...(memoryLimitBytes === 0 ? {} : { memoryLimitBytes }),
    use: {
      cpu: (atMs) => byReplica(cpu, (series) => perSecond(series, atMs)),
      memory: (atMs) => byReplica(memory, (series) => newest(series, atMs)),
      network: (atMs) => byReplica(network, (series) => perSecond(series, atMs)),
    },
    isAmbiguous: (atMs) => samples.some((sample) => windowsMs.includes(atMs - timeOf(sample))),
  }
}

/** Summed over the series of each. */
function byReplica(all: readonly Series[], useOf: (series: Series) => Use | undefined): UseByReplica {
  const uses = new Map<string, Use>()
  for (const series of all) {
    const use = useOf(series)
    const replica = series[0]?.labels['name'] ?? ''
    const before = uses.get(replica) ?? { value: 0, isWhole: true }
    if (use === undefined) continue
    uses.set(replica, { value: before.value + use.value, isWhole: before.isWhole && use.isWhole })
  }
  return uses
}

function newest(series: Series, atMs: number): Use | undefined {
  const value = within(series, atMs, 30_000).at(-1)?.value
  return value === undefined ? undefined : { value, isWhole: true }
}

/** From the first sample to the last of the shortest window that has two. */
function perSecond(series: Series, atMs: number): Use | undefined {
  for (const windowMs of windowsMs) {
    const inside = within(series, atMs, windowMs)
    const [first, last] = [inside[0], inside.at(-1)]
    if (first === undefined || last === undefined || inside.length < 2) continue
    const sampledMs = timeOf(last) - timeOf(first)
    const nearMs = (1.1 * sampledMs) / (inside.length - 1)
    return {
      value: (1_000 * (last.value - first.value)) / sampledMs,
      isWhole: atMs - timeOf(last) < nearMs && timeOf(first) - (atMs - windowMs) < nearMs,
    }
  }
  return undefined
}

function within(series: Series, atMs: number, windowMs: number): Series {
  return series.filter((sample) => timeOf(sample) > atMs - windowMs && timeOf(sample) <= atMs)
}

function timeOf({ atMs = Number.NaN }: Sample): number {
  return atMs
}
