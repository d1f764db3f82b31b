import { expect, it } from 'vitest'
import { contradictions } from './contradictions.ts'
import { loadSettings, type SettingsError } from './load.ts'

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings(environment, {})
    return []
  } catch (error) {
    return (error as SettingsError).faults
  }
}

it.each<[string, Record<string, string>, RegExp]>([
  [
    'a certificate without its key',
    { AUTOSCALER_TLS_CERT_FILE: '/cert.pem' },
    /^AUTOSCALER_TLS_CERT_FILE is set without AUTOSCALER_TLS_KEY_FILE; set both, or neither$/,
  ],
  [
    'a key without its certificate',
    { AUTOSCALER_TLS_KEY_FILE: '/key.pem' },
    /^AUTOSCALER_TLS_KEY_FILE is set without AUTOSCALER_TLS_CERT_FILE; set both, or neither$/,
  ],
  [
    'a client CA without TLS',
    { AUTOSCALER_TLS_CLIENT_CA_FILE: '/ca.pem' },
    /^AUTOSCALER_TLS_CLIENT_CA_FILE is set without AUTOSCALER_TLS_CERT_FILE; .*set both$/,
  ],
  [
    'one token to read and to scale',
    { AUTOSCALER_WEBHOOK_TOKEN: 'token-one,token-two', AUTOSCALER_READ_TOKEN: 'token-three\ntoken-two' },
    /^AUTOSCALER_READ_TOKEN has a token of AUTOSCALER_WEBHOOK_TOKEN, so that everybody who can read could scale; use different tokens$/,
  ],
  [
    'one token to scrape and to scale',
    { AUTOSCALER_WEBHOOK_TOKEN: 'token-one', AUTOSCALER_METRICS_TOKEN: 'token-one' },
    /^AUTOSCALER_METRICS_TOKEN has a token of AUTOSCALER_WEBHOOK_TOKEN/,
  ],
  [
    'TLS to a local socket',
    { DOCKER_TLS_VERIFY: '1' },
    /^DOCKER_TLS_VERIFY is set, but DOCKER_HOST=unix:.* does not use TLS; remove DOCKER_TLS_VERIFY, or set DOCKER_HOST to tcp:/,
  ],
  [
    'certificates for an engine without TLS',
    { DOCKER_HOST: 'tcp://engine:2375', DOCKER_CERT_PATH: '/certs' },
    /^DOCKER_CERT_PATH=\/certs is set, but DOCKER_TLS_VERIFY is not.*; set DOCKER_TLS_VERIFY=1, or/,
  ],
])('%s is refused, by name and with the remedy', (_, environment, message) => {
  expect(faultsOf(environment)).toEqual([expect.stringMatching(message)])
})

it('all are reported at once, together with invalid values', () => {
  const faults = faultsOf({
    AUTOSCALER_LISTEN: 'nowhere',
    AUTOSCALER_TLS_KEY_FILE: '/key.pem',
    AUTOSCALER_TLS_CLIENT_CA_FILE: '/ca.pem',
    AUTOSCALER_WEBHOOK_TOKEN: 'token-one',
    AUTOSCALER_READ_TOKEN: 'token-one',
    AUTOSCALER_METRICS_TOKEN: 'token-one',
    DOCKER_TLS_VERIFY: '1',
  })
  expect(faults).toHaveLength(6)
  expect(faults.join()).not.toContain('token-one')
})

it.each<Record<string, string>>([
  { AUTOSCALER_READ_TOKEN: 'token-one', AUTOSCALER_METRICS_TOKEN: 'token-one' },
  {
    AUTOSCALER_TLS_CERT_FILE: '/a.pem',
    AUTOSCALER_TLS_KEY_FILE: '/a.pem',
    AUTOSCALER_TLS_CLIENT_CA_FILE: '/ca',
  },
  { DOCKER_HOST: 'tcp://engine:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' },
  {},
])('%j contradicts nothing', (environment) => {
  expect(contradictions(loadSettings(environment, {}))).toEqual([])
})
