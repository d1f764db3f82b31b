import { expect, it } from 'vitest'
import { type Exposure, exposureNotices } from './exposure.ts'

const open = {
  hasWebhookToken: false,
  hasReadToken: false,
  hasMetricsToken: false,
  isTls: false,
  hasClientCa: false,
}
const tokens = { hasWebhookToken: true, hasReadToken: true, hasMetricsToken: true }

/** A machine with these addresses besides that of itself. */
const machine = (...addresses: string[]): Exposure['interfaces'] => ({
  lo: [{ address: '127.0.0.1' }, { address: '::1' }],
  eth0: addresses.map((address) => ({ address })),
  gone: undefined,
})

/** Level and first words of each notice, and the address that it names. */
function said(address: string, over: Partial<Exposure> = {}) {
  const notices = exposureNotices({ ...open, interfaces: machine(), ...over, address })
  return notices.map(({ level, message, address: named }) =>
    [level, message.split(' ').slice(0, 2).join(' '), named].filter(Boolean).join(' '),
  )
}

const openToAll = (address: string) => [
  `error the webhook ${address}`,
  `warn the API ${address}`,
  `warn the metrics ${address}`,
]

it.each([
  ['127.0.0.1', ['info the webhook']],
  ['127.8.9.1', ['info the webhook']],
  ['::1', ['info the webhook']],
  ['::ffff:127.0.0.1', ['info the webhook']],
  ['10.0.0.1', ['warn the webhook']],
  ['172.16.0.1', ['warn the webhook']],
  ['172.31.255.255', ['warn the webhook']],
  ['192.168.1.1', ['warn the webhook']],
  ['100.64.0.1', ['warn the webhook']],
  ['100.127.255.255', ['warn the webhook']],
  ['169.254.1.1', ['warn the webhook']],
  ['fd12::1', ['warn the webhook']],
  ['fe80::1', ['warn the webhook']],
  ['fe80::1%eth0', ['warn the webhook']],
  ['::ffff:10.0.0.1', ['warn the webhook']],
  ['9.255.255.255', openToAll('9.255.255.255')],
  ['11.0.0.0', openToAll('11.0.0.0')],
  ['172.32.0.0', openToAll('172.32.0.0')],
  ['192.169.0.0', openToAll('192.169.0.0')],
  ['100.63.255.255', openToAll('100.63.255.255')],
  ['100.128.0.0', openToAll('100.128.0.0')],
  ['2001:db8::1', openToAll('2001:db8::1')],
  ['fbff::1', openToAll('fbff::1')],
  ['fec0::1', openToAll('fec0::1')],
  ['::ffff:8.8.8.8', openToAll('::ffff:8.8.8.8')],
])('a receiver without tokens on %s says %j', (address, expected) => {
  expect(said(address)).toEqual(expected)
})

it.each([
  ['0.0.0.0', [], ['warn the webhook']],
  ['0.0.0.0', ['10.1.2.3', 'fd00::1'], ['warn the webhook']],
  ['0.0.0.0', ['10.1.2.3', '203.0.113.7'], openToAll('203.0.113.7')],
  ['0.0.0.0', ['10.1.2.3', '2001:db8::7'], ['warn the webhook']],
  ['::', ['10.1.2.3', '2001:db8::7'], openToAll('2001:db8::7')],
  ['::', ['203.0.113.7'], openToAll('203.0.113.7')],
  ['10.1.2.3', ['10.1.2.3', '203.0.113.7'], ['warn the webhook']],
])('on %s of a machine with %j it says %j', (address, addresses, expected) => {
  expect(said(address, { interfaces: machine(...addresses) })).toEqual(expected)
})

it.each<[string, Partial<Exposure>, string[]]>([
  ['all tokens and TLS', { ...tokens, isTls: true }, []],
  ['a client CA', { isTls: true, hasClientCa: true }, []],
  ['all tokens without TLS', tokens, ['error tokens are 8.8.8.8']],
  [
    'a webhook token alone',
    { hasWebhookToken: true },
    ['error tokens are 8.8.8.8', 'warn the API 8.8.8.8', 'warn the metrics 8.8.8.8'],
  ],
  ['TLS alone', { isTls: true }, openToAll('8.8.8.8')],
  [
    'a webhook and a metrics token over TLS',
    { ...tokens, hasReadToken: false, isTls: true },
    ['warn the API 8.8.8.8'],
  ],
])('with %s on a public address it says what is left', (_, over, expected) => {
  expect(said('8.8.8.8', over)).toEqual(expected)
})

it.each(['127.0.0.1', '10.0.0.1'])('with a webhook token on %s it says nothing', (address) => {
  expect(said(address, { hasWebhookToken: true })).toEqual([])
})

it('names what to set', () => {
  for (const { message } of exposureNotices({ ...open, interfaces: {}, address: '8.8.8.8' }))
    expect(message).toMatch(/; set AUTOSCALER_/)
})
