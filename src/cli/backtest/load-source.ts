import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../../domain/defined.ts'
import { readCsv } from '../../simulator/load/csv.ts'
import { type Trace, traceOf } from '../../simulator/load/trace.ts'
import { readHistory } from './history.ts'
import type { BacktestPorts } from './ports.ts'
import { loadFrom } from './run-command.ts'
import { UsageError } from './usage-error.ts'
import { seconds } from './words.ts'

export const loadOptions = {
  csv: { type: 'string' },
  prometheus: { type: 'string' },
  query: { type: 'string' },
  range: { type: 'string' },
  step: { type: 'string' },
  until: { type: 'string' },
  cache: { type: 'string' },
  'no-cache': { type: 'boolean' },
} as const

export const loadHelp = [
  'Load:',
  '  --csv F            a file of times and loads, such as 2026-01-15T12:00:00Z,120',
  '  --prometheus URL   a Prometheus, asked for --query Q; without one for what the shipped rules record of --service',
  '  --query Q          one series, such as sum(rate(http_requests_total{service="web"}[1m]))',
  '  --range D          how far back (default: 7d)',
  '  --step D           time between two samples (default: 15s)',
  '  --until T          where the range ends, RFC 3339 (default: now)',
  '  --cache F          folder of what was asked for before (default: ~/.cache/swarm-autoscaler); --no-cache: none',
] as const

/** Where the load is, as the command line says. */
export type LoadWords =
  | { readonly kind: 'csv'; readonly path: string }
  | {
      readonly kind: 'prometheus'
      readonly address: string
      readonly query?: string
      readonly rangeSeconds: number
      readonly stepSeconds: number
      readonly untilMs?: number
      readonly cache?: string
    }

type Values = Readonly<Record<string, unknown>>

/** Throws `UsageError`. */
export function readLoadWords(values: Values): LoadWords {
  const text = (name: string) => values[name] as string | undefined
  const [csv, address] = [text('csv'), text('prometheus')]
  if ((csv === undefined) === (address === undefined)) {
    throw new UsageError(
      `there ${csv === undefined ? 'is no load' : 'are two loads'}; name one by --csv F or by --prometheus URL`,
    )
  }
  if (csv !== undefined) return { kind: 'csv', path: csv }
  if (address === undefined || URL.parse(address)?.protocol.startsWith('http') !== true) {
    throw new UsageError(`--prometheus "${address}" must be an address such as http://127.0.0.1:9090`)
  }
  const stepSeconds = seconds('--step', text('step') ?? '15s')
  const rangeSeconds = seconds('--range', text('range') ?? '7d')
  if (stepSeconds === 0 || rangeSeconds < 10 * stepSeconds) {
    throw new UsageError('--range must be at least ten times --step, and --step above 0s')
  }
  const cache =
    values['no-cache'] === true ? undefined : (text('cache') ?? join(homedir(), '.cache', 'swarm-autoscaler'))
  return {
    kind: 'prometheus',
    address,
    stepSeconds,
    rangeSeconds,
    ...defined({ query: text('query'), untilMs: timeOf(text('until')), cache }),
  }
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const atMs = Date.parse(text)
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(atMs)) {
    throw new UsageError(`--until "${text}" must be such as 2026-01-15T12:00:00Z`)
  }
  return atMs
}

interface Loaded {
  readonly title: string
  readonly trace: Trace
}

/** Reads the load. Throws `UsageError`, `LoadError`, or an `Error` where Prometheus cannot be asked. */
export async function readLoad(
  words: LoadWords,
  { service, signal }: { readonly service?: string | undefined; readonly signal: string },
  ports: BacktestPorts,
): Promise<Loaded> {
  if (words.kind === 'csv') return { title: service ?? words.path, trace: readCsvFile(words.path) }
  const { address, rangeSeconds, stepSeconds, untilMs = ports.nowMs() } = words
  const query = words.query ?? recordedQuery(service, signal)
  const end = Math.floor(untilMs / 1_000 / stepSeconds) * stepSeconds
  const asked = {
    address,
    query,
    start: end - rangeSeconds,
    end,
    step: stepSeconds,
    ...defined({ cache: words.cache }),
  }
  const samples = await readHistory(asked, ports)
  return { title: service ?? query, trace: loadFrom(`${address}, ${query}`, () => traceOf(samples)) }
}

function readCsvFile(path: string): Trace {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--csv "${path}" cannot be read: ${(error as Error).message}`)
  }
  return loadFrom(path, () => {
    const { samples, lines } = readCsv(text)
    return traceOf(samples, (index) => `line ${lines[index]}`)
  })
}

/** What the shipped rules record of a service, in the unit that its target is in. */
function recordedQuery(service: string | undefined, signal: string): string {
  if (service === undefined)
    throw new UsageError('--prometheus needs --query Q, or --service S whose load the shipped rules record')
  const name = JSON.stringify(service)
  const recorded: Readonly<Record<string, string>> = {
    requests: `swarm_autoscaler:requests_per_second{service=${name}}`,
    cpu: `sum(swarm_autoscaler:replica_cpu_cores{service=${name}})`,
    memory: `sum(swarm_autoscaler:replica_memory_bytes{service=${name}})`,
    network: `sum(swarm_autoscaler:replica_network_bytes_per_second{service=${name}})`,
    queue: `max(swarm_autoscaler:queue_items{service=${name}})`,
  }
  const query = Object.hasOwn(recorded, signal) ? recorded[signal] : undefined
  if (query === undefined)
    throw new UsageError(`the shipped rules record no load of the signal ${signal}; name it by --query`)
  return query
}
