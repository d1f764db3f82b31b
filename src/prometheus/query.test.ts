import { expect, it } from 'vitest'
import { prometheusServer } from '../../test/support/fakes/prometheus-server.ts'
import { queryPrometheus } from './query.ts'

it('gives the series and their values', async () => {
  const result = [{ metric: { service: 'web' }, value: [1_768_478_400, '2.5'] }]
  const { address, asked } = await prometheusServer(200, {
    status: 'success',
    data: { resultType: 'vector', result },
  })
  expect(await queryPrometheus(address, 'x == 1')).toEqual([{ labels: { service: 'web' }, value: 2.5 }])
  expect(asked).toEqual(['GET /api/v1/query?query=x+%3D%3D+1 '])
})

it.each([
  [404, 'not found', 'answers 404'],
  [400, { status: 'error', error: 'parse error' }, 'answers 400: parse error'],
  [200, '<html>', 'does not answer like Prometheus'],
  [200, { status: 'success' }, 'does not answer like Prometheus'],
])('reports an answer of %i: %j', async (status, body, message) => {
  const { address } = await prometheusServer(status, body)
  await expect(queryPrometheus(address, 'x')).rejects.toThrow(message)
})

it('reports an address where nothing listens', async () => {
  const { address, stop } = await prometheusServer(200, {})
  await stop()
  await expect(queryPrometheus(address, 'x')).rejects.toThrow(/does not answer: .*ECONNREFUSED/)
})
