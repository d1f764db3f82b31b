import type { SettingName, Settings } from './settings.ts'

type Tokens = Pick<
  Settings,
  'AUTOSCALER_WEBHOOK_TOKEN' | 'AUTOSCALER_READ_TOKEN' | 'AUTOSCALER_METRICS_TOKEN'
>

/** Settings that contradict each other, each with what to do. `read` lacks the settings that are invalid by themselves. */
export function contradictions(read: Partial<Settings>): readonly string[] {
  return [...ofTls(read), ...sharedTokens(read), ...ofDocker(read)]
}

/** Tokens of the webhook that are used for something else as well. */
export function sharedTokens(tokens: Partial<Tokens>): readonly string[] {
  const ofWebhook = new Set(tokens.AUTOSCALER_WEBHOOK_TOKEN)
  const readers = ['AUTOSCALER_READ_TOKEN', 'AUTOSCALER_METRICS_TOKEN'] as const
  return readers
    .filter((name) => tokens[name]?.some((token) => ofWebhook.has(token)))
    .map(
      (name) =>
        `${name} has a token of AUTOSCALER_WEBHOOK_TOKEN, so that everybody who can read could scale; use different tokens`,
    )
}

function ofTls(read: Partial<Settings>): readonly string[] {
  const isSet = (name: SettingName) => read[name] !== undefined && read[name] !== ''
  const [cert, key, ca] = [
    isSet('AUTOSCALER_TLS_CERT_FILE'),
    isSet('AUTOSCALER_TLS_KEY_FILE'),
    isSet('AUTOSCALER_TLS_CLIENT_CA_FILE'),
  ]
  const without = (one: string, other: string, remedy: string) =>
    `AUTOSCALER_TLS_${one}_FILE is set without AUTOSCALER_TLS_${other}_FILE; ${remedy}`
  return [
    ...(cert && !key ? [without('CERT', 'KEY', 'set both, or neither')] : []),
    ...(key && !cert ? [without('KEY', 'CERT', 'set both, or neither')] : []),
    ...(ca && !cert
      ? [without('CLIENT_CA', 'CERT', 'clients have certificates only with TLS; set both')]
      : []),
  ]
}

function ofDocker(read: Partial<Settings>): readonly string[] {
  const { DOCKER_HOST: host, DOCKER_TLS_VERIFY: isTls, DOCKER_CERT_PATH: path } = read
  if (isTls === true && host?.startsWith('unix://')) {
    return [
      `DOCKER_TLS_VERIFY is set, but DOCKER_HOST=${host} is a local socket, which does not use TLS; remove DOCKER_TLS_VERIFY, or set DOCKER_HOST to tcp://host:port`,
    ]
  }
  if (isTls === false && path) {
    return [
      `DOCKER_CERT_PATH=${path} is set, but DOCKER_TLS_VERIFY is not, so that TLS would not be used; set DOCKER_TLS_VERIFY=1, or remove DOCKER_CERT_PATH`,
    ]
  }
  return []
}
