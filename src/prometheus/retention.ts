import { z } from 'zod'
import { parseDurationMs } from '../domain/duration.ts'
import { requestPrometheus } from './request.ts'

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#runtime-information */
const RuntimeInformation = z.object({ data: z.object({ storageRetention: z.string() }) })

const timeoutMs = 5_000

/** The retention time of a Prometheus, in ms. Absent: it has a retention size only, cannot be queried, or is another product with its API. */
export async function queryRetentionMs(address: string): Promise<number | undefined> {
  try {
    const { data } = await requestPrometheus({
      address,
      path: '/api/v1/status/runtimeinfo',
      schema: RuntimeInformation,
      timeoutMs,
    })
    // With a retention size as well it is `15d or 10GiB`.
    return parseDurationMs(data.storageRetention.split(' or ')[0] ?? '')
  } catch {
    return undefined
  }
}
