import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { receiverAddress } from './receiver-address.ts'

const at = (url?: string, environment: Record<string, string> = {}) =>
  receiverAddress(loadSettings(environment, {}), url)

describe('the receiver that is asked', () => {
  it.each([
    ['the one of this machine by default', {}, 'http://127.0.0.1:9095'],
    ['at the port that it listens on', { AUTOSCALER_LISTEN: ':1234' }, 'http://127.0.0.1:1234'],
    ['at the address that it listens on alone', { AUTOSCALER_LISTEN: '10.1.2.3:83' }, 'http://10.1.2.3:83'],
    ['by IPv6', { AUTOSCALER_LISTEN: '[::1]:81' }, 'http://[::1]:81'],
    ['by IPv6 on all addresses', { AUTOSCALER_LISTEN: '[::]:82' }, 'http://127.0.0.1:82'],
  ])('is %s', (_, environment: Record<string, string>, url) => {
    expect(at(undefined, environment).url).toBe(url)
  })

  it.each([
    ['http://manager:9095', 'http://manager:9095'],
    ['http://manager:9095/', 'http://manager:9095'],
    ['https://example.com/autoscaler/', 'https://example.com/autoscaler'],
  ])('is that of --url %s', (url, asked) => {
    expect(at(url, { AUTOSCALER_LISTEN: ':1' }).url).toBe(asked)
  })

  it('is shown the first read token', () => {
    const { authorization, credentials } = at('http://manager', {
      AUTOSCALER_READ_TOKEN: 'token-one,token-two',
    })
    expect(authorization).toBe('Bearer token-one')
    expect(credentials).toContain('AUTOSCALER_READ_TOKEN')
  })

  it('is shown nothing where there is no token', () => {
    expect(at('http://manager')).not.toHaveProperty('authorization')
  })

  it('is shown the user and the password in --url instead, which stand nowhere else', () => {
    const address = at('http://me:p%40ss%25@manager:9095', { AUTOSCALER_READ_TOKEN: 'token-one' })
    expect(address.url).toBe('http://manager:9095')
    expect(address.authorization).toBe(`Basic ${Buffer.from('me:p@ss%').toString('base64')}`)
    expect(JSON.stringify({ ...address, authorization: '' })).not.toContain('p@ss')
    expect(at('http://:50%zz@manager').authorization).toBe(
      `Basic ${Buffer.from(':50%zz').toString('base64')}`,
    )
  })

  it.each(['manager:9095', 'ftp://manager', '/path', 'http://', 'secret'])('is not at %s', (url) => {
    expect(() => at(url)).toThrow(
      /--url must be the address of a receiver, such as http:\/\/127\.0\.0\.1:9095$/,
    )
  })
})
