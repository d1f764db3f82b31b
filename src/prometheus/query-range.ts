import { z } from 'zod'
import { requestPrometheus } from './request.ts'

/** A range of a query. Times are in seconds since the epoch; both ends are included. */
export interface RangeQuery {
  readonly address: string
  readonly query: string
  readonly start: number
  readonly end: number
  /** In seconds. */
  readonly step: number
}

/** One sample of a series. */
export interface RangeSample {
  /** In ms since the epoch. */
  readonly atMs: number
  readonly value: number
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
const RangeVector = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
})

/** A query over raw samples takes its time. */
const timeoutMs = 60_000

/** The samples of a query that gives one series; none if it gives no series. Rejects with a message for the user. */
export async function queryRange(range: RangeQuery): Promise<readonly RangeSample[]> {
  const { address, query, start, end, step } = range
  const { data } = await requestPrometheus({
    address,
    path: '/api/v1/query_range',
    parameters: { query, start: `${start}`, end: `${end}`, step: `${step}` },
    method: 'POST',
    schema: RangeVector,
    timeoutMs,
  })
  const [series, ...others] = data.result
  if (others.length > 0) {
    throw new Error(
      `the query gives ${data.result.length} series, and a load is one; add them up: sum(${query})`,
    )
  }
  return (series?.values ?? []).map(([seconds, value]) => ({ atMs: seconds * 1_000, value: Number(value) }))
}
