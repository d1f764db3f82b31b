import { z } from 'zod'

/** One series of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const Answer = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
})

/** Most that Prometheus may take to answer, in ms. */
const timeoutMs = 5_000

/** What a query gives now. Rejects with a message for the user where Prometheus cannot be asked. */
export async function queryPrometheus(address: string, query: string): Promise<readonly Sample[]> {
  const url = `${address.replace(/\/+$/, '')}/api/v1/query?${new URLSearchParams({ query })}`
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
  if (!response.ok) throw new Error(`${address} answers ${response.status}`)
  const answer = Answer.safeParse(await response.json().catch(() => undefined))
  if (!answer.success) throw new Error(`${address} answers something else than Prometheus does`)
  return answer.data.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}
