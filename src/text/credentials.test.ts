import { expect, it } from 'vitest'
import { withoutCredentials } from './credentials.ts'

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

it.each([
  ['http://user:hunter2@host:9093/path?a=b', basic('user:hunter2')],
  ['http://user@host:9093/path?a=b', basic('user:')],
  ['http://:hunter2@host:9093/path?a=b', basic(':hunter2')],
  ['http://us%40er:p%3Aw%2F%C3%BC@host:9093/path?a=b', basic('us@er:p:w/ü')],
  ['http://user:100%@host:9093/path?a=b', basic('user:100%')],
])('user and password of %s are in the header alone', (url, authorization) => {
  const bare = withoutCredentials(new URL(url))
  expect(bare.address.href).toBe('http://host:9093/path?a=b')
  expect(bare.authorization).toBe(authorization)
})

it('without user and password there is no header', () => {
  const url = new URL('http://host:9093/path?a=b')
  expect(withoutCredentials(url)).toEqual({ address: url })
})
