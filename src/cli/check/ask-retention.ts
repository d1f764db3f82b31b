import { z } from 'zod'
import { parseDurationMs } from '../../domain/duration.ts'

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information */
const Answer = z.object({ data: z.object({ storageRetention: z.string() }) })

/** Most that Prometheus may take to answer, in ms. */
const timeoutMs = 5_000

/**
 * How long a Prometheus remembers, in ms. Absent where it does not tell: it keeps by size alone, cannot be asked, or is
 * something else with the same API.
 */
export async function askRetentionMs(address: string): Promise<number | undefined> {
  const url = `${address.replace(/\/+$/, '')}/api/v1/status/runtimeinfo`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    const { data } = Answer.parse(await response.json())
    // With a limit of size as well it is `15d or 10GiB`.
    return parseDurationMs(data.storageRetention.split(' or ')[0] ?? '')
  } catch {
    return undefined
  }
}
