import { z } from 'zod'

/** A part of a series, in seconds since the epoch; both ends are in it. */
export interface RangeQuery {
  readonly address: string
  readonly query: string
  readonly start: number
  readonly end: number
  readonly step: number
}

/** One sample of a series. */
export interface RangeSample {
  /** In ms since the epoch. */
  readonly atMs: number
  readonly value: number
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
const Answer = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
})
const Refusal = z.object({ error: z.string() })

/** Most that Prometheus may take to answer, in ms: a page of a query over raw samples takes its time. */
const timeoutMs = 60_000

/** Asks Prometheus for one page. Rejects with a message for the user. */
export async function queryRange(asked: RangeQuery): Promise<readonly RangeSample[]> {
  const { address, query, start, end, step } = asked
  const parameters = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: `${step}` })
  const response = await fetch(`${address.replace(/\/+$/, '')}/api/v1/query_range`, {
    method: 'POST',
    body: parameters,
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause.message : error.message
    throw new Error(`${address} cannot be asked: ${cause}`)
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const refusal = Refusal.safeParse(body)
    throw new Error(
      `${address} answers ${response.status}${refusal.success ? `: ${refusal.data.error}` : ''}`,
    )
  }
  const answer = Answer.safeParse(body)
  if (!answer.success) throw new Error(`${address} answers something else than Prometheus does`)
  return samplesOf(answer.data.data.result, query)
}

function samplesOf(series: readonly { values: [number, string][] }[], query: string): readonly RangeSample[] {
  if (series.length > 1) {
    throw new Error(`the query gives ${series.length} series, and a load is one; add them up: sum(${query})`)
  }
  return (series[0]?.values ?? []).map(([seconds, value]) => ({
    atMs: seconds * 1_000,
    value: Number(value),
  }))
}
