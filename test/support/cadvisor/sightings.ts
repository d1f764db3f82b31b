import type { Interface, Quota, Sighting } from '../testbed/stand-ins/cadvisor/sighting.ts'
import type { Sample } from './recordings.ts'

const labelPrefix = 'container_label_com_docker_swarm_'

/** What the real cAdvisor had seen when it printed these samples, one for each cgroup. */
export function sightingsOf(samples: readonly Sample[]): readonly Sighting[] {
  const containers = samples.filter(({ labels }) => labels['id'] !== undefined)
  return [...Map.groupBy(containers, ({ labels }) => labels['id']).values()].map(sightingOf)
}

function sightingOf(samples: readonly Sample[]): Sighting {
  const one = (name: string): Sample => {
    const [found, ...more] = samples.filter((sample) => sample.name === name)
    if (found === undefined || more.length > 0) throw new Error(`${name}: not one sample of this container`)
    return found
  }
  const { labels, atMs = Number.NaN } = one('container_cpu_usage_seconds_total')
  const quota = quotaOf(samples)
  return {
    atMs,
    id: labels['id'] ?? '',
    image: labels['image'] ?? '',
    name: labels['name'] ?? '',
    labels: dockerLabels(labels),
    cpuSeconds: one('container_cpu_usage_seconds_total').value,
    cpuWaitingSeconds: one('container_pressure_cpu_waiting_seconds_total').value,
    cpuPeriodUs: one('container_spec_cpu_period').value,
    ...(quota === undefined ? {} : { quota }),
    workingSetBytes: one('container_memory_working_set_bytes').value,
    memoryLimitBytes: one('container_spec_memory_limit_bytes').value,
    interfaces: interfacesOf(samples),
  }
}

function dockerLabels(labels: Sample['labels']): Sighting['labels'] {
  return Object.fromEntries(
    ['service_id', 'service_name', 'task_name'].map((key) => [
      `com.docker.swarm.${key.replace('_', '.')}`,
      labels[`${labelPrefix}${key}`] ?? '',
    ]),
  )
}

function quotaOf(samples: readonly Sample[]): Quota | undefined {
  const value = (name: string) => samples.find((sample) => sample.name === name)?.value
  const quotaUs = value('container_spec_cpu_quota')
  const periods = value('container_cpu_cfs_periods_total')
  const throttledPeriods = value('container_cpu_cfs_throttled_periods_total')
  if (quotaUs === undefined || periods === undefined || throttledPeriods === undefined) return undefined
  return { quotaUs, periods, throttledPeriods }
}

function interfacesOf(samples: readonly Sample[]): readonly Interface[] {
  const bytes = (direction: string, name: string) =>
    samples.find(
      (sample) =>
        sample.name === `container_network_${direction}_bytes_total` && sample.labels['interface'] === name,
    )?.value ?? Number.NaN
  const names = new Set(samples.flatMap(({ labels }) => labels['interface'] ?? []))
  return [...names].map((name) => ({
    name,
    receivedBytes: bytes('receive', name),
    sentBytes: bytes('transmit', name),
  }))
}
