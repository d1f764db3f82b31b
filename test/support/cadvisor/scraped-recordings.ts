import { z } from 'zod'
import { waitFor } from '../testbed/wait.ts'
import { startPrometheus } from '../tools/running-prometheus.ts'
import type { Recording } from './recordings.ts'
import { startReplays, timeOf } from './replay.ts'
import { type RecordedService, recordedServices } from './truth.ts'

/** What the rules found of one service, at one evaluation. */
interface Found {
  readonly service: RecordedService
  /** The time of the recordings. */
  readonly atMs: number
  /** The labels of the series. */
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface ScrapedRecordings {
  readonly services: readonly RecordedService[]
  /** All that the rules have recorded under a name, of the moments at which the recordings tell what there was. */
  readonly found: (name: string) => Promise<readonly Found[]>
  readonly close: () => Promise<void>
}

/** What each service is given. */
export const targets = { cpu: 0.5, memory: 0.8, network: 100_000 } as const

/** The windows of the rules are full after so long. */
const fullWindowMs = 15_000
/** The rules are evaluated so often, and the recordings are about so far from each other. */
const everyMs = 5_000
const scrapes = { scrape_interval: '500ms', scrape_timeout: '500ms' }
/** Longer than it takes to fetch all recordings, one a scrape. */
const leadMs = 9_000

const Matrix = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
})

/**
 * Has a real Prometheus scrape the recordings and evaluate `rules`. They are told many times at once, each time with another moment of
 * them at hand, so that one evaluation sees all of them. A service's name has the number of the replay before it.
 */
export async function scrapeRecordings(
  recordings: readonly Recording[],
  rules: string,
): Promise<ScrapedRecordings> {
  const times = recordings.map(timeOf)
  const [firstMs, lastMs] = [Math.min(...times) + fullWindowMs, Math.max(...times) + everyMs]
  const momentsMs = Array.from(
    { length: Math.floor((lastMs - firstMs) / everyMs) },
    (_, index) => firstMs + index * everyMs,
  )
  const services = recordedServices(recordings)
  const receiver = momentsMs.flatMap((_, index) => services.flatMap((service) => policyOf(service, index)))
  const others = { '/receiver': `${receiver.join('\n')}\n` }
  const replays = await startReplays({ recordings, momentsMs, leadMs, others })
  const prometheus = await startPrometheus(configuration(replays.address, momentsMs.length, rules))
  const patience = { for: 'Prometheus to fetch all recordings', timeoutMs: 90_000 }
  await waitFor(async () => replays.isOver() || undefined, patience)
  // What it fetched last is stored by then.
  const knownMs = Date.now() + 1_000

  const read = async (name: string): Promise<readonly Found[]> => {
    const url = `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: `${name}[10m]` })}`
    const { data } = Matrix.parse(await (await fetch(url)).json())
    return data.result.flatMap(({ metric: labels, values }) => {
      const [index = '', name] = labels['service']?.split(':') ?? []
      const service = services.find((each) => each.name === name)
      if (service === undefined) return []
      return values
        .map(([time, value]) => ({ nowMs: Math.round(time * 1_000), value: Number(value) }))
        .filter(({ nowMs }) => nowMs > knownMs)
        .map(({ nowMs, value }) => ({
          service,
          labels,
          value,
          atMs: replays.recordedMs(Number(index), nowMs),
        }))
        .filter(({ atMs }) => atMs >= firstMs && atMs <= lastMs && !service.isAmbiguous(atMs))
    })
  }
  return {
    services,
    found: (name) =>
      waitFor(
        async () => {
          const found = await read(name)
          return found.length > 0 ? found : undefined
        },
        { for: `an evaluation of ${name}`, timeoutMs: 60_000 },
      ),
    close: async () => {
      await prometheus.close()
      replays.close()
    },
  }
}

/** What the receiver would export of it. */
function policyOf(
  { name, cpuLimitCores, memoryLimitBytes }: RecordedService,
  index: number,
): readonly string[] {
  const metric = (suffix: string, value: number, more = '') =>
    `swarm_autoscaler_service_${suffix}{service="${index}:${name}"${more}} ${value}`
  const target = (signal: keyof typeof targets) => metric('target', targets[signal], `,signal="${signal}"`)
  return [
    metric('desired_replicas', 10),
    metric('running_replicas', 10),
    ...[target('cpu'), target('network'), metric('cpu_limit_cores', cpuLimitCores)],
    // Without a limit, a target for memory is no valid policy.
    ...(memoryLimitBytes === undefined
      ? []
      : [target('memory'), metric('memory_limit_bytes', memoryLimitBytes)]),
  ]
}

function configuration(address: string, replays: number, rules: string): object {
  const serviceLabel = 'container_label_com_docker_swarm_service_name'
  const replay = (index: number) => ({
    targets: [address],
    labels: { __metrics_path__: `/replay/${index}`, replay: `${index}` },
  })
  return {
    global: scrapes,
    rule_files: [rules],
    scrape_configs: [
      { job_name: 'receiver', metrics_path: '/receiver', static_configs: [{ targets: [address] }] },
      {
        job_name: 'cadvisor',
        static_configs: Array.from({ length: replays }, (_, index) => replay(index)),
        metric_relabel_configs: [
          {
            source_labels: ['replay', serviceLabel],
            separator: ':',
            regex: '(.+:.+)',
            target_label: serviceLabel,
          },
        ],
      },
    ],
  }
}
