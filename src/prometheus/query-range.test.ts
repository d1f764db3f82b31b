import { expect, it } from 'vitest'
import { prometheusServer } from '../../test/support/fakes/prometheus-server.ts'
import { queryRange } from './query-range.ts'

const range = { query: 'sum(up)', start: 100, end: 130, step: 15 }
const series = (...values: [number, string][]) => ({ metric: {}, values })
const matrix = (...result: object[]) => ({ status: 'success', data: { resultType: 'matrix', result } })

it('posts the query, and reads the samples', async () => {
  const { address, asked } = await prometheusServer(
    200,
    matrix(series([100, '5'], [115, '+Inf'], [130, '7.5'])),
  )
  expect(await queryRange({ address, ...range })).toEqual([
    { atMs: 100_000, value: 5 },
    { atMs: 115_000, value: Number.NaN },
    { atMs: 130_000, value: 7.5 },
  ])
  expect(asked).toEqual(['POST /api/v1/query_range query=sum%28up%29&start=100&end=130&step=15'])
})

it('has no samples if there is no series', async () => {
  const { address } = await prometheusServer(200, matrix())
  expect(await queryRange({ address, ...range })).toEqual([])
})

it.each([
  [
    200,
    matrix(series([100, '5']), series([100, '6'])),
    'the query gives 2 series, and a load is one; add them up: sum(sum(up))',
  ],
  [400, { status: 'error', error: 'invalid parameter "query"' }, 'answers 400: invalid parameter "query"'],
  [502, 'bad gateway', 'answers 502'],
  [200, { hello: 'world' }, 'does not answer like Prometheus'],
])('refuses an answer of %i: %j', async (status, body, message) => {
  const { address } = await prometheusServer(status, body)
  await expect(queryRange({ address, ...range })).rejects.toThrow(message)
})

it('reports an address where nothing listens', async () => {
  const { address, stop } = await prometheusServer(200, matrix())
  await stop()
  await expect(queryRange({ address, ...range })).rejects.toThrow(/does not answer: .*ECONNREFUSED/)
})
