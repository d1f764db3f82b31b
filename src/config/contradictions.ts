import type { SettingName, Settings } from './settings.ts'

/** The tokens of each door. */
type Tokens = Pick<
  Settings,
  'AUTOSCALER_WEBHOOK_TOKEN' | 'AUTOSCALER_READ_TOKEN' | 'AUTOSCALER_METRICS_TOKEN'
>

/**
 * What settings say that cannot be meant, each with what to do about it. Settings that could not be read are absent: of them
 * nothing is said here.
 */
export function contradictions(read: Partial<Settings>): readonly string[] {
  return [...ofTls(read), ...sharedTokens(read), ...ofDocker(read)]
}

/** Tokens that open the webhook and something else as well. */
export function sharedTokens(tokens: Partial<Tokens>): readonly string[] {
  const ofWebhook = new Set(tokens.AUTOSCALER_WEBHOOK_TOKEN)
  const readers = ['AUTOSCALER_READ_TOKEN', 'AUTOSCALER_METRICS_TOKEN'] as const
  return readers
    .filter((name) => tokens[name]?.some((token) => ofWebhook.has(token)))
    .map(
      (name) =>
        `${name} has a token of AUTOSCALER_WEBHOOK_TOKEN: whoever may read could scale; give each a token of its own`,
    )
}

function ofTls(read: Partial<Settings>): readonly string[] {
  const isSet = (name: SettingName) => read[name] !== undefined && read[name] !== ''
  const [cert, key, ca] = [
    isSet('AUTOSCALER_TLS_CERT_FILE'),
    isSet('AUTOSCALER_TLS_KEY_FILE'),
    isSet('AUTOSCALER_TLS_CLIENT_CA_FILE'),
  ]
  const without = (one: string, other: string, words: string) =>
    `AUTOSCALER_TLS_${one}_FILE is set without AUTOSCALER_TLS_${other}_FILE; ${words}`
  return [
    ...(cert && !key ? [without('CERT', 'KEY', 'set that to the path of its key, or leave both out')] : []),
    ...(key && !cert
      ? [without('KEY', 'CERT', 'set that to the path of its certificate, or leave both out')]
      : []),
    ...(ca && !cert
      ? [without('CLIENT_CA', 'CERT', 'without TLS nobody can show a certificate; set that too')]
      : []),
  ]
}

function ofDocker(read: Partial<Settings>): readonly string[] {
  const { DOCKER_HOST: host, DOCKER_TLS_VERIFY: isTls, DOCKER_CERT_PATH: path } = read
  if (isTls === true && host?.startsWith('unix://')) {
    return [
      `DOCKER_TLS_VERIFY is set, but DOCKER_HOST=${host} is a socket of this machine, which speaks no TLS; leave it out, or set DOCKER_HOST to tcp://host:port`,
    ]
  }
  if (isTls === false && path) {
    return [
      `DOCKER_CERT_PATH=${path} is set, but DOCKER_TLS_VERIFY is not, so that no TLS would be spoken; set DOCKER_TLS_VERIFY=1, or leave DOCKER_CERT_PATH out`,
    ]
  }
  return []
}
