import { expect, it } from 'vitest'
import { prometheusServer } from '../../test/support/fakes/prometheus-server.ts'
import { queryRetentionMs } from './retention.ts'

const day = 86_400_000

it.each([
  ['15d', 15 * day],
  ['2w1d', 15 * day],
  ['8d or 512MiB', 8 * day],
  ['512MiB', undefined],
])('a retention of %s is %s ms', async (storageRetention, ms) => {
  const { address, asked } = await prometheusServer(200, {
    status: 'success',
    data: { storageRetention, goroutines: 40 },
  })
  expect(await queryRetentionMs(address)).toBe(ms)
  expect(asked).toEqual(['GET /api/v1/status/runtimeinfo '])
})

it.each([
  [404, 'not found'],
  [200, '{"status":"success","data":{}}'],
])('is not known if the answer is %i %s', async (status, body) => {
  const { address } = await prometheusServer(status, body)
  expect(await queryRetentionMs(address)).toBeUndefined()
})

it('is not known if nothing listens at the address', async () => {
  expect(await queryRetentionMs('http://127.0.0.1:1')).toBeUndefined()
})
