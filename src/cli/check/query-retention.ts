import { z } from 'zod'
import { parseDurationMs } from '../../domain/duration.ts'

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information */
const Answer = z.object({ data: z.object({ storageRetention: z.string() }) })

/** Maximum time of an answer, in ms. */
const timeoutMs = 5_000

/** The retention time of a Prometheus, in ms. Absent: it has a retention size only, cannot be queried, or is another product with its API. */
export async function queryRetentionMs(address: string): Promise<number | undefined> {
  const url = `${address.replace(/\/+$/, '')}/api/v1/status/runtimeinfo`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    const { data } = Answer.parse(await response.json())
    // With a retention size as well it is `15d or 10GiB`.
    return parseDurationMs(data.storageRetention.split(' or ')[0] ?? '')
  } catch {
    return undefined
  }
}
