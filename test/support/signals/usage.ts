import { setTimeout as sleep } from 'node:timers/promises'
import Dockerode from 'dockerode'
import { lines } from '../testbed/docker.ts'
import type { JoinedEngine } from '../testbed/engine.ts'

/** What all containers of a service use together. */
export type Usage = {
  readonly cores: number
  /** Without the pages of files that were not used lately. */
  readonly memoryBytes: number
  /** Received and sent. */
  readonly networkBytesPerSecond: number
}

/** Counters of one container, from its start on. */
type Counters = { readonly cpuSeconds: number; readonly memoryBytes: number; readonly networkBytes: number }

/**
 * What a service uses, as Docker itself tells, over the given seconds from now on. Containers that start or end within
 * them do not count.
 */
export async function measureUsage(engine: JoinedEngine, service: string, seconds: number): Promise<Usage> {
  const api = new Dockerode({ socketPath: engine.dockerHost.slice('unix://'.length) })
  const look = async () => {
    const filter = `label=com.docker.swarm.service.name=${service}`
    const ids = lines(await engine.docker(['ps', '--quiet', '--no-trunc', '--filter', filter]))
    const counters = await Promise.all(ids.map((id) => countersOf(api, id)))
    return { atMs: performance.now(), of: new Map(ids.map((id, index) => [id, counters[index]])) }
  }
  const before = await look()
  await sleep(1_000 * seconds)
  const after = await look()
  const passed = (after.atMs - before.atMs) / 1_000
  const usage = { cores: 0, memoryBytes: 0, networkBytesPerSecond: 0 }
  for (const [id, last] of after.of) {
    const first = before.of.get(id)
    if (first === undefined || last === undefined) continue
    usage.cores += (last.cpuSeconds - first.cpuSeconds) / passed
    usage.memoryBytes += (last.memoryBytes + first.memoryBytes) / 2
    usage.networkBytesPerSecond += (last.networkBytes - first.networkBytes) / passed
  }
  return usage
}

async function countersOf(api: Dockerode, id: string): Promise<Counters> {
  const stats = await api.getContainer(id).stats({ stream: false, 'one-shot': true })
  const { usage, stats: memory } = stats.memory_stats
  return {
    cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
    memoryBytes: usage - (memory.total_inactive_file ?? memory.inactive_file),
    networkBytes: Object.values(stats.networks ?? {}).reduce(
      (sum, { rx_bytes, tx_bytes }) => sum + rx_bytes + tx_bytes,
      0,
    ),
  }
}
