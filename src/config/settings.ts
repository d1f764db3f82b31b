import { z } from 'zod'
import {
  allowlist,
  durationBetween,
  httpUrl,
  listenAddress,
  postgresUrl,
  tokens,
  wholeNumberBetween,
} from './setting-schemas.ts'

/** How one setting is parsed and described. */
interface Setting<T> {
  readonly schema: z.ZodType<T, string>
  /** As text. Empty: none. */
  readonly default: string
  readonly help: string
  /** A secret has no flag, which every user of the machine could read. A file can have it (`…_FILE`). */
  readonly isSecret?: true
}

/** Every setting, by its environment variable. Flags, defaults and the help text are generated from this. */
export const settings = {
  AUTOSCALER_LISTEN: {
    schema: listenAddress,
    default: '0.0.0.0:9095',
    help: 'address and port of the webhook, the metrics and the health checks',
  },
  AUTOSCALER_WEBHOOK_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token for the webhook and the reload, as Bearer or as the password of any user; several separated by commas or line breaks',
    isSecret: true,
  },
  AUTOSCALER_READ_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token for the API and the page, in the same way',
    isSecret: true,
  },
  AUTOSCALER_METRICS_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token for /metrics, in the same way',
    isSecret: true,
  },
  AUTOSCALER_TLS_CERT_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the certificate (PEM, with its chain) to serve TLS with; none: no TLS',
  },
  AUTOSCALER_TLS_KEY_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the key of that certificate (PEM, without a passphrase)',
  },
  AUTOSCALER_TLS_CLIENT_CA_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the CA (PEM) that must have signed the certificate of each client, except for the health checks',
  },
  AUTOSCALER_POLICY_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of a YAML file with policies; the labels of the services win over it',
  },
  AUTOSCALER_DATA_DIR: {
    schema: z.string().min(1),
    default: './data',
    help: 'folder of the history; it is created if it is missing',
  },
  AUTOSCALER_DATABASE_URL: {
    schema: postgresUrl,
    default: '',
    help: 'keep the history in this PostgreSQL database instead, such as postgres://user:password@host/database',
    isSecret: true,
  },
  AUTOSCALER_HISTORY_MAX_AGE: {
    schema: durationBetween(3_600_000, 10 * 365 * 86_400_000),
    default: '90d',
    help: 'events and counts that are older are removed from the history',
  },
  AUTOSCALER_HISTORY_MAX_ROWS: {
    schema: wholeNumberBetween(1_000, 100_000_000),
    default: '1000000',
    help: 'most events in the history; the oldest are removed first',
  },
  AUTOSCALER_CURRENCY: {
    schema: z.string().regex(/^[^\p{Cc}]{0,16}$/u, 'must be a short name such as EUR'),
    default: '',
    help: 'currency of all autoscaler.cost labels, shown by the API, the page and the terminal',
  },
  AUTOSCALER_RESYNC_INTERVAL: {
    schema: durationBetween(1_000, 3_600_000),
    default: '15s',
    help: 'how often every service is checked without any alert',
  },
  AUTOSCALER_ALERT_TTL: {
    schema: durationBetween(1_000, 86_400_000),
    default: '2m',
    help: 'an alert that is not received again within this time is forgotten',
  },
  AUTOSCALER_DRY_RUN: {
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
    default: 'false',
    help: 'true: decide and report for every service, but change nothing',
  },
  AUTOSCALER_ONLY: {
    schema: allowlist,
    default: '',
    help: 'scale only these of the services that opted in: exact names, or label=value of their own labels, separated by commas',
  },
  AUTOSCALER_ALERTMANAGER_URL: {
    schema: httpUrl,
    default: '',
    help: 'Alertmanager to read the active alerts from at the start, instead of waiting for its next post',
  },
  AUTOSCALER_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    help: 'trace, debug, info, warn, error, fatal or silent',
  },
  DOCKER_HOST: {
    schema: z.string(),
    default: 'unix:///var/run/docker.sock',
    help: 'the Docker engine of a Swarm manager: unix:///path or tcp://host:port',
  },
  DOCKER_TLS_VERIFY: {
    schema: z.string().transform((text) => text !== ''),
    default: '',
    help: 'not empty: use TLS for a tcp:// engine and verify its certificate',
  },
  DOCKER_CERT_PATH: {
    schema: z.string(),
    default: '',
    help: 'folder of ca.pem, cert.pem and key.pem for TLS; empty: ~/.docker',
  },
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof settings

/** The settings, parsed and checked. */
export type Settings = { readonly [K in SettingName]: z.output<(typeof settings)[K]['schema']> }

export const settingNames = Object.keys(settings) as readonly SettingName[]

/** Whether a setting is a secret. */
export function isSecret(name: SettingName): boolean {
  return 'isSecret' in settings[name]
}

/** `AUTOSCALER_ALERT_TTL` is `--alert-ttl`, `DOCKER_HOST` is `--docker-host`. */
export function flagOf(name: SettingName): string {
  return name
    .replace(/^AUTOSCALER_/, '')
    .toLowerCase()
    .replaceAll('_', '-')
}
