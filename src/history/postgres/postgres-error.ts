import { HistoryError, type HistoryErrorCode } from '../history-error.ts'

/** What an SQLSTATE means, the longest beginning that fits: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const states: readonly (readonly [start: string, code: HistoryErrorCode])[] = [
  ['53100', 'full'],
  ['25006', 'read_only'],
  ['57014', 'timeout'],
  ['55P03', 'timeout'],
  // Given up in favour of another one: it is tried again.
  ['40', 'timeout'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
  // What lies in the entries themselves: data, integrity, size.
  ['22', 'store'],
  ['23', 'store'],
  ['54', 'store'],
  ['08', 'unreachable'],
  ['57P', 'unreachable'],
  ['58', 'unreachable'],
  ['XX', 'unreachable'],
  ['', 'refused'],
]

const remedies: Readonly<Partial<Record<HistoryErrorCode, string>>> = {
  full: 'make room on the disk of the server',
  read_only: 'name the primary in AUTOSCALER_DATABASE_URL, and not a standby',
  unreachable: 'see whether the server runs, and whether AUTOSCALER_DATABASE_URL names it',
  timeout: 'see what keeps the server busy, and what locks its tables',
  refused: 'see the rights of the user in AUTOSCALER_DATABASE_URL',
  newer: 'run that version again, or name another database in AUTOSCALER_DATABASE_URL',
}

/** Makes a `HistoryError` of what a call of the database at `databaseUrl` threw: with its place, what helps, and no password. */
export function postgresError(thrown: unknown, databaseUrl: string): HistoryError {
  const code = thrown instanceof HistoryError ? thrown.code : codeOf(thrown)
  const remedy = remedies[code]
  const message = `PostgreSQL at ${placeOf(databaseUrl)}: ${messageOf(thrown)}${remedy === undefined ? '' : `; ${remedy}`}`
  return new HistoryError(code, withoutPassword(message, databaseUrl))
}

/** Host, port and database, and nothing that is a secret. */
function placeOf(databaseUrl: string): string {
  const { hostname = '', port = '', pathname = '', searchParams } = URL.parse(databaseUrl) ?? {}
  const host = hostname === '' ? (searchParams?.get('host') ?? 'localhost') : hostname
  return `${host}:${port === '' ? 5432 : port}${pathname}`
}

function codeOf(thrown: unknown): HistoryErrorCode {
  const { code = '', message = '', syscall } = thrown as { code?: string; message?: string; syscall?: string }
  if (code === 'ETIMEDOUT') return 'timeout'
  // A call of the operating system failed: there is no way to the server.
  if (syscall !== undefined || thrown instanceof AggregateError) return 'unreachable'
  if (/^[0-9A-Z]{5}$/.test(code)) return states.find(([start]) => code.startsWith(start))?.[1] ?? 'refused'
  if (/TLS|SSL|CERT|SIGNATURE/.test(code) || /SSL|SASL/.test(message)) return 'refused'
  if (/timeout/i.test(message)) return 'timeout'
  return /connection|client|database/i.test(message) ? 'unreachable' : 'store'
}

function messageOf(thrown: unknown): string {
  // Of a host with several addresses each has its own failure.
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join(', ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Servers tell none; a library that cannot read the address may. */
function withoutPassword(message: string, databaseUrl: string): string {
  const { password = '', searchParams } = URL.parse(databaseUrl) ?? {}
  const plain = new URLSearchParams(`password=${password.replaceAll('+', '%2B')}`).get('password')
  const secrets = [password, plain, searchParams?.get('password')].filter((secret) => secret)
  return secrets.reduce((text: string, secret) => text.replaceAll(String(secret), '…'), message)
}
