import { z } from 'zod'
import type { Allowed, Allowlist } from '../domain/allowlist.ts'
import { formatDuration, parseDurationMs } from '../domain/duration.ts'

/** A place to listen: `host:port`, `:port` for all addresses, `[::1]:port`. */
interface ListenAddress {
  readonly host: string
  readonly port: number
}

const listenAddress = z.string().transform((text, context): ListenAddress => {
  const match = /^(?:\[([\da-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    context.addIssue('must be host:port, such as 0.0.0.0:9095')
    return z.NEVER
  }
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
})

const durationBetween = (leastMs: number, mostMs: number) =>
  z.string().transform((text, context): number => {
    const ms = parseDurationMs(text)
    if (ms === undefined || ms < leastMs || ms > mostMs) {
      const range = `from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`
      context.addIssue(`must be a duration ${range}, such as 30s or 1m30s`)
      return z.NEVER
    }
    return ms
  })

const tokens = z.string().transform((text, context): readonly string[] => {
  if (text === '') return []
  const all = text
    .split(/[,\n]/)
    .map((token) => token.trim())
    .filter((token) => token !== '')
  if (all.length === 0 || all.some((token) => !/^\S{8,}$/.test(token))) {
    context.addIssue(
      'must be one token, or several separated by commas or line breaks, of at least 8 characters without spaces',
    )
    return z.NEVER
  }
  return all
})

const wholeNumberBetween = (least: number, most: number) =>
  z.string().transform((text, context): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      context.addIssue(`must be a whole number from ${least} to ${most}`)
      return z.NEVER
    }
    return value
  })

const allowlist = z.string().transform((text, context): Allowlist => {
  const items = text === '' ? [] : text.split(',').map(readAllowed)
  const allowed = items.filter((item) => item !== undefined)
  if (allowed.length < items.length) {
    context.addIssue(
      'must be exact service names and label=value, separated by commas, without spaces, such as shop_web,team=shop',
    )
    return z.NEVER
  }
  return allowed
})

/** Absent where it is neither the name of a service nor a label with its value. */
function readAllowed(item: string): Allowed | undefined {
  if (/^[\w.-]+$/.test(item)) return { kind: 'name', name: item }
  const [, key, value] = /^([\w./-]+)=(\S+)$/.exec(item) ?? []
  return key === undefined || value === undefined ? undefined : { kind: 'label', key, value }
}

const postgresUrl = z
  .string()
  .refine(
    (text) => text === '' || ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be the address of a PostgreSQL database, such as postgres://user:password@host/database',
  )

const httpUrl = z
  .string()
  .refine(
    (text) => text === '' || ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''),
    'must be the address of Alertmanager, such as http://alertmanager:9093',
  )

/** How one setting is read and told of. */
interface Setting<T> {
  readonly schema: z.ZodType<T, string>
  /** As it would be written. Empty: none. */
  readonly default: string
  readonly help: string
  /** A secret has no flag, where any user of the machine could read it, and may stand in a file (`…_FILE`). */
  readonly isSecret?: true
}

/** Every setting, by its environment variable. Flags, defaults and the help text are all made from this. */
export const settings = {
  AUTOSCALER_LISTEN: {
    schema: listenAddress,
    default: '0.0.0.0:9095',
    help: 'address and port of the webhook, the metrics and the health checks',
  },
  AUTOSCALER_WEBHOOK_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token that the webhook and the reload ask for, as Bearer or as the password of any user; several separated by commas or line breaks',
    isSecret: true,
  },
  AUTOSCALER_READ_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token that the API and the page ask for, in the same way',
    isSecret: true,
  },
  AUTOSCALER_METRICS_TOKEN: {
    schema: tokens,
    default: '',
    help: 'token that /metrics asks for, in the same way',
    isSecret: true,
  },
  AUTOSCALER_TLS_CERT_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the certificate (PEM, with its chain) to serve TLS with; none: TLS is not served',
  },
  AUTOSCALER_TLS_KEY_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the key of that certificate (PEM, without a passphrase)',
  },
  AUTOSCALER_TLS_CLIENT_CA_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of the CA (PEM) that must have signed the certificate of each caller, but for the health checks',
  },
  AUTOSCALER_POLICY_FILE: {
    schema: z.string(),
    default: '',
    help: 'path of a YAML file with policies that stand beneath the labels of the services',
  },
  AUTOSCALER_DATA_DIR: {
    schema: z.string().min(1),
    default: './data',
    help: 'folder of the record of all changes; it is made where it is missing',
  },
  AUTOSCALER_DATABASE_URL: {
    schema: postgresUrl,
    default: '',
    help: 'keep the record in this PostgreSQL instead, as in postgres://user:password@host/database',
    isSecret: true,
  },
  AUTOSCALER_HISTORY_MAX_AGE: {
    schema: durationBetween(3_600_000, 10 * 365 * 86_400_000),
    default: '90d',
    help: 'what is older is removed from the record',
  },
  AUTOSCALER_HISTORY_MAX_ROWS: {
    schema: wholeNumberBetween(1_000, 100_000_000),
    default: '1000000',
    help: 'most events in the record; the oldest are removed first',
  },
  AUTOSCALER_CURRENCY: {
    schema: z.string().regex(/^[^\p{Cc}]{0,16}$/u, 'must be a short name such as EUR'),
    default: '',
    help: 'currency of all autoscaler.cost labels, as API, page and terminal show it',
  },
  AUTOSCALER_RESYNC_INTERVAL: {
    schema: durationBetween(1_000, 3_600_000),
    default: '15s',
    help: 'how often every service is checked without any alert',
  },
  AUTOSCALER_ALERT_TTL: {
    schema: durationBetween(1_000, 86_400_000),
    default: '2m',
    help: 'an alert not received for so long is forgotten',
  },
  AUTOSCALER_DRY_RUN: {
    schema: z.enum(['true', 'false']).transform((text) => text === 'true'),
    default: 'false',
    help: 'true: decide, report and record for every service, but change nothing',
  },
  AUTOSCALER_ONLY: {
    schema: allowlist,
    default: '',
    help: 'scale only these of the services that opted in: exact names, or label=value of their own labels, separated by commas',
  },
  AUTOSCALER_ALERTMANAGER_URL: {
    schema: httpUrl,
    default: '',
    help: 'Alertmanager to read the standing alerts from at the start, instead of waiting for its next post',
  },
  AUTOSCALER_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    help: 'trace, debug, info, warn, error, fatal or silent',
  },
  DOCKER_HOST: {
    schema: z.string(),
    default: 'unix:///var/run/docker.sock',
    help: 'the engine of a Swarm manager: unix:///path or tcp://host:port',
  },
  DOCKER_TLS_VERIFY: {
    schema: z.string().transform((text) => text !== ''),
    default: '',
    help: 'anything but empty: speak TLS to a tcp:// engine and check its certificate',
  },
  DOCKER_CERT_PATH: {
    schema: z.string(),
    default: '',
    help: 'folder of ca.pem, cert.pem and key.pem for TLS; empty: ~/.docker',
  },
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof settings

/** The settings, read and checked. */
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
