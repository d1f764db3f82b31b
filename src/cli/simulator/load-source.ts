import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../../domain/defined.ts'
import { readCsv } from '../../simulator/load/csv.ts'
import { LoadError, type Trace, traceOf } from '../../simulator/load/trace.ts'
import { seconds, textOf, timeMs } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'
import type { SimulatorPorts } from './ports.ts'
import { readPrometheusLoad } from './prometheus-load.ts'

export const loadFlags = {
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
  '  --prometheus URL   a Prometheus to query with --query Q; without one, for what the shipped rules record of --service',
  '  --query Q          one series, such as sum(rate(http_requests_total{service="web"}[1m]))',
  '  --range D          length of the range (default: 7d)',
  '  --step D           time between two samples (default: 15s)',
  '  --until T          end of the range, RFC 3339 (default: now)',
  '  --cache F          folder that keeps the samples of earlier queries (default: ~/.cache/swarm-autoscaler); --no-cache: none',
] as const

/** Where the load comes from, by the command line. */
export type LoadSource =
  | { readonly kind: 'csv'; readonly path: string }
  | {
      readonly kind: 'prometheus'
      readonly address: string
      readonly query?: string
      readonly rangeSeconds: number
      readonly stepSeconds: number
      /** Absent: now. */
      readonly untilMs?: number
      readonly cache?: string
    }

/** Throws `UsageError`. */
export function readLoadSource(values: Readonly<Record<string, unknown>>): LoadSource {
  const text = (name: keyof typeof loadFlags) => textOf(values, name)
  const [csv, address, until] = [text('csv'), text('prometheus'), text('until')]
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
  const untilMs = until === undefined ? undefined : timeMs('--until', until)
  return {
    kind: 'prometheus',
    address,
    stepSeconds,
    rangeSeconds,
    ...defined({ query: text('query'), untilMs, cache }),
  }
}

/** A load with the name of its service, query or file. */
interface Load {
  readonly title: string
  readonly trace: Trace
}

/** Reads the load. Throws `UsageError`, `LoadError`, or an `Error` if Prometheus cannot be queried. */
export async function readLoad(
  source: LoadSource,
  { service, signal }: { readonly service?: string | undefined; readonly signal: string },
  ports: SimulatorPorts,
): Promise<Load> {
  if (source.kind === 'csv') return { title: service ?? source.path, trace: readCsvFile(source.path) }
  const { address, rangeSeconds, stepSeconds, cache, untilMs = ports.nowMs() } = source
  const query = source.query ?? recordedQuery(service, signal)
  const end = Math.floor(untilMs / 1_000 / stepSeconds) * stepSeconds
  const range = { address, query, start: end - rangeSeconds, end, step: stepSeconds }
  const samples = await readPrometheusLoad({ ...range, ...defined({ cache }) }, ports)
  return { title: service ?? query, trace: withSource(`${address}, ${query}`, () => traceOf(samples)) }
}

function readCsvFile(path: string): Trace {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--csv "${path}" cannot be read: ${(error as Error).message}`)
  }
  return withSource(path, () => {
    const { samples, lines } = readCsv(text)
    return traceOf(samples, (index) => `line ${lines[index]}`)
  })
}

/** Puts the source of a load before the message of its `LoadError`. */
function withSource<T>(source: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof LoadError) throw new LoadError(`${source}: ${error.message}`)
    throw error
  }
}

/** The query for what the shipped rules record of a service, in the unit of its target. */
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
