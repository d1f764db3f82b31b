import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { queryRange } from './query-range.ts'

/** A Prometheus that answers with this. `asked`: what it was asked for. */
async function prometheus(status: number, body: unknown) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let text = `${request.method} ${request.url} `
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      asked.push(text)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise((resolve) => server.close(resolve))
  onTestFinished(() => void stop())
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, stop }
}

const range = { query: 'sum(up)', start: 100, end: 130, step: 15 }
const series = (...values: [number, string][]) => ({ metric: {}, values })
const matrix = (...result: object[]) => ({ status: 'success', data: { resultType: 'matrix', result } })

it('asks for a range, and reads its samples', async () => {
  const { address, asked } = await prometheus(200, matrix(series([100, '5'], [115, '+Inf'], [130, '7.5'])))
  expect(await queryRange({ address, ...range })).toEqual([
    { atMs: 100_000, value: 5 },
    { atMs: 115_000, value: Number.NaN },
    { atMs: 130_000, value: 7.5 },
  ])
  expect(asked).toEqual(['POST /api/v1/query_range query=sum%28up%29&start=100&end=130&step=15'])
})

it('has no samples where there is no series', async () => {
  const { address } = await prometheus(200, matrix())
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
  [200, { hello: 'world' }, 'answers something else than Prometheus does'],
])('refuses an answer of %i: %j', async (status, body, message) => {
  const { address } = await prometheus(status, body)
  await expect(queryRange({ address, ...range })).rejects.toThrow(message)
})

it('says where nobody is there', async () => {
  const { address, stop } = await prometheus(200, matrix())
  await stop()
  await expect(queryRange({ address, ...range })).rejects.toThrow(/cannot be asked: .*ECONNREFUSED/)
})
