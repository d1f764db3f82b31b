import { z } from 'zod'
import { requestPrometheus } from './request.ts'

/** One series of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries */
const InstantVector = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
})

const timeoutMs = 5_000

/** The current result of a query. Rejects with a message for the user. */
export async function queryPrometheus(address: string, query: string): Promise<readonly Sample[]> {
  const { data } = await requestPrometheus({
    address,
    path: '/api/v1/query',
    parameters: { query },
    schema: InstantVector,
    timeoutMs,
  })
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}
