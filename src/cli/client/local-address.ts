import type { Settings } from '../../config/settings.ts'

/** The address of the receiver on this machine. If it listens on all addresses, the loopback address. */
export function localAddress({
  AUTOSCALER_LISTEN: { host, port },
  AUTOSCALER_TLS_CERT_FILE: certificate,
}: Pick<Settings, 'AUTOSCALER_LISTEN' | 'AUTOSCALER_TLS_CERT_FILE'>): string {
  const scheme = certificate === '' ? 'http' : 'https'
  if (host === '0.0.0.0' || host === '::') return `${scheme}://127.0.0.1:${port}`
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
