import { BlockList, isIP } from 'node:net'

/** Who can reach the receiver, and how it is protected. */
export interface Exposure {
  /** The address that it listens on. */
  readonly address: string
  /** The interfaces of the machine, from `os.networkInterfaces()`. */
  readonly interfaces: Readonly<Record<string, readonly { readonly address: string }[] | undefined>>
  /** Whether the webhook, the API and page, and the metrics have a token. */
  readonly hasWebhookToken: boolean
  readonly hasReadToken: boolean
  readonly hasMetricsToken: boolean
  readonly isTls: boolean
  /** Whether clients must have a certificate. */
  readonly hasClientCa: boolean
}

/** A log line about it. `address`: the public address in question. */
export interface ExposureNotice {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly address?: string
}

const thisMachine = new BlockList()
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4')
thisMachine.addAddress('::1', 'ipv6')

/** Addresses that are not routed on the internet: RFC 1918, RFC 6598 (100.64/10), RFC 3927, RFC 4193, RFC 4291. */
const notPublic = new BlockList()
notPublic.addSubnet('10.0.0.0', 8, 'ipv4')
notPublic.addSubnet('172.16.0.0', 12, 'ipv4')
notPublic.addSubnet('192.168.0.0', 16, 'ipv4')
notPublic.addSubnet('100.64.0.0', 10, 'ipv4')
notPublic.addSubnet('169.254.0.0', 16, 'ipv4')
notPublic.addSubnet('fc00::', 7, 'ipv6')
notPublic.addSubnet('fe80::', 10, 'ipv6')

type Reach = { readonly kind: 'machine' | 'private' } | { readonly kind: 'public'; readonly address: string }

/** What to log at the start about routes without authentication, and about tokens that others on the network can read. */
export function exposureNotices(exposure: Exposure): readonly ExposureNotice[] {
  const reach = reachOf(exposure)
  const webhook =
    exposure.hasWebhookToken || exposure.hasClientCa ? [] : [openWebhook[reach.kind]].map(at(reach))
  if (reach.kind !== 'public') return webhook
  return [...webhook, ...publicNotices(exposure).map(at(reach))]
}

const openWebhook: Readonly<Record<Reach['kind'], ExposureNotice>> = {
  machine: {
    level: 'info',
    message: 'the webhook is open to everybody on this machine; set AUTOSCALER_WEBHOOK_TOKEN to close it',
  },
  private: {
    level: 'warn',
    message: 'the webhook is open to everybody who can reach it; set AUTOSCALER_WEBHOOK_TOKEN to close it',
  },
  public: {
    level: 'error',
    message:
      'the webhook is open on a public address, so that anybody can scale services; set AUTOSCALER_WEBHOOK_TOKEN or AUTOSCALER_TLS_CLIENT_CA_FILE, or AUTOSCALER_LISTEN to a private address',
  },
}

function publicNotices(exposure: Exposure): readonly ExposureNotice[] {
  const { hasWebhookToken, hasReadToken, hasMetricsToken, isTls, hasClientCa } = exposure
  const notices: ExposureNotice[] = []
  if (!isTls && (hasWebhookToken || hasReadToken || hasMetricsToken)) {
    notices.push({
      level: 'error',
      message:
        'tokens are sent to a public address without TLS, so that others on the network can read them; set AUTOSCALER_TLS_CERT_FILE and AUTOSCALER_TLS_KEY_FILE, or AUTOSCALER_LISTEN to a private address behind a proxy that uses TLS',
    })
  }
  if (hasClientCa) return notices
  if (!hasReadToken) {
    notices.push({
      level: 'warn',
      message:
        'the API and the page are open on a public address; set AUTOSCALER_READ_TOKEN or AUTOSCALER_TLS_CLIENT_CA_FILE to close them',
    })
  }
  if (!hasMetricsToken) {
    notices.push({
      level: 'warn',
      message:
        'the metrics are open on a public address; set AUTOSCALER_METRICS_TOKEN or AUTOSCALER_TLS_CLIENT_CA_FILE to close them',
    })
  }
  return notices
}

function at(reach: Reach): (notice: ExposureNotice) => ExposureNotice {
  return (notice) => (reach.kind === 'public' ? { ...notice, address: reach.address } : notice)
}

function reachOf({ address, interfaces }: Exposure): Reach {
  if (address !== '0.0.0.0' && address !== '::') return reachOfOne(address)
  const family = address === '0.0.0.0' ? 4 : undefined
  const reaches = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter((one) => family === undefined || isIP(one.address) === family)
    .map((one) => reachOfOne(one.address))
  return reaches.find(({ kind }) => kind === 'public') ?? { kind: 'private' }
}

/** An unknown address counts as public: a needless warning is better than none. */
function reachOfOne(address: string): Reach {
  const bare = address.replace(/%.*$/, '')
  const family = isIP(bare) === 4 ? 'ipv4' : 'ipv6'
  if (thisMachine.check(bare, family)) return { kind: 'machine' }
  return notPublic.check(bare, family) ? { kind: 'private' } : { kind: 'public', address }
}
