import { HistoryError, type HistoryErrorCode } from '../history-error.ts'

/** Codes by SQLSTATE. The first matching prefix counts: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const states: readonly (readonly [start: string, code: HistoryErrorCode])[] = [
  ['53100', 'full'],
  ['25006', 'read_only'],
  ['57014', 'timeout'],
  ['55P03', 'timeout'],
  // Rolled back in favour of another transaction: a retry helps.
  ['40', 'timeout'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
  // Faults of the entries themselves: data, integrity, size.
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
  full: 'free disk space on the server',
  read_only: 'set AUTOSCALER_DATABASE_URL to the primary, not to a standby',
  unreachable: 'check that the server runs and that AUTOSCALER_DATABASE_URL is right',
  timeout: 'check what keeps the server busy or locks its tables',
  refused: 'check the privileges of the user in AUTOSCALER_DATABASE_URL',
  newer: 'run that version again, or set AUTOSCALER_DATABASE_URL to another database',
}

/** Turns an error of the database at `databaseUrl` into a `HistoryError` with the place and the remedy, and without the password. */
export function postgresError(thrown: unknown, databaseUrl: string): HistoryError {
  const code = thrown instanceof HistoryError ? thrown.code : codeOf(thrown)
  const remedy = remedies[code]
  const message = `PostgreSQL at ${placeOf(databaseUrl)}: ${messageOf(thrown)}${remedy === undefined ? '' : `; ${remedy}`}`
  return new HistoryError(code, withoutPassword(message, databaseUrl))
}

/** Host, port and database, without secrets. */
function placeOf(databaseUrl: string): string {
  const { hostname = '', port = '', pathname = '', searchParams } = URL.parse(databaseUrl) ?? {}
  const host = hostname === '' ? (searchParams?.get('host') ?? 'localhost') : hostname
  return `${host}:${port === '' ? 5432 : port}${pathname}`
}

function codeOf(thrown: unknown): HistoryErrorCode {
  const { code = '', message = '', syscall } = thrown as { code?: string; message?: string; syscall?: string }
  if (code === 'ETIMEDOUT') return 'timeout'
  // A system call failed: the server cannot be reached.
  if (syscall !== undefined || thrown instanceof AggregateError) return 'unreachable'
  if (/^[0-9A-Z]{5}$/.test(code)) return states.find(([start]) => code.startsWith(start))?.[1] ?? 'refused'
  if (/TLS|SSL|CERT|SIGNATURE/.test(code) || /SSL|SASL/.test(message)) return 'refused'
  if (/timeout/i.test(message)) return 'timeout'
  return /connection|client|database/i.test(message) ? 'unreachable' : 'store'
}

function messageOf(thrown: unknown): string {
  // A host with several addresses has an error for each.
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join(', ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** A library that cannot parse the URL may repeat it. */
function withoutPassword(message: string, databaseUrl: string): string {
  const { password = '', searchParams } = URL.parse(databaseUrl) ?? {}
  const plain = new URLSearchParams(`password=${password.replaceAll('+', '%2B')}`).get('password')
  const secrets = [password, plain, searchParams?.get('password')].filter((secret) => secret)
  return secrets.reduce((text: string, secret) => text.replaceAll(String(secret), '…'), message)
}
