import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Environment, loadSettings } from '../../config/load.ts'
import { defined } from '../../domain/defined.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { type EventKind, eventKinds } from '../../domain/event.ts'
import { clientFlags, clientHelp, readTrust } from '../client/common-options.ts'
import { type ReceiverAddress, receiverAddress } from '../client/receiver-address.ts'
import { UsageError } from '../usage-error.ts'

/** The options of `events`. */
export interface EventsOptions {
  readonly address: ReceiverAddress
  readonly service?: string
  readonly kinds?: readonly EventKind[]
  /** RFC 3339; `since` inclusive, `until` exclusive. */
  readonly since?: string
  readonly until?: string
  /** Maximum number of past events, the newest ones. */
  readonly limit: number
  readonly isFollowing: boolean
  readonly isJson: boolean
  readonly isUtc: boolean
}

/** Maximum of `--limit`: the events are kept in memory. */
const maxEvents = 100_000
const defaultEvents = 20

export const eventsHelp = [
  'Usage: swarm-autoscaler events [--service NAME] [--kind K]... [--since T] [--until T] [--limit N] [--follow] [--json]',
  '',
  'Prints what the autoscaler did with the services and why, and external changes: the newest events, the last one at the bottom.',
  'It is a client of a running receiver.',
  '',
  '  --service NAME   only events of this service, by its exact name or ID',
  `  --kind K         only events of this kind: ${eventKinds.join(', ')};`,
  '                   repeatable, or several separated by commas',
  '  --since T        only events at this time or later: RFC 3339, such as 2026-01-31T08:00:00Z, or 2h for 2 hours ago',
  '  --until T        only events before this time',
  `  --limit N        only the N newest events (default: ${defaultEvents})`,
  '  --follow, -f     then print each new event, until Ctrl-C',
  ...clientHelp,
  '',
  'Examples:',
  '  swarm-autoscaler events --follow',
  '  swarm-autoscaler events --service shop_web --since 24h --limit 500',
  '  swarm-autoscaler events --kind failed,rejected --since 7d',
  '  swarm-autoscaler events --json --limit 1000 | jq -r \'select(.kind == "scaled") | [.at, .service, .from, .to] | @tsv\'',
  '  docker exec -it $(docker ps -q -f name=autoscaler_receiver) node src/main.ts events --follow',
].join('\n')

/** Reads the command line. Throws `UsageError`, `SettingsError` or an error of `parseArgs` on wrong usage. */
export function readEventsOptions(
  args: readonly string[],
  environment: Environment,
  nowMs: number,
): EventsOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...clientFlags,
      service: { type: 'string' },
      kind: { type: 'string', multiple: true },
      since: { type: 'string' },
      until: { type: 'string' },
      limit: { type: 'string' },
      follow: { type: 'boolean', short: 'f' },
    },
    strict: true,
  })
  if (values.help === true) return 'help'
  if (values.follow === true && values.until !== undefined) {
    throw new UsageError('--follow and --until cannot be combined; leave one of them out')
  }
  if (values.service === '') throw new UsageError('--service must be the name of a service')
  const since = readTime('--since', values.since, nowMs)
  const until = readTime('--until', values.until, nowMs)
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError(`--since (${since}) must be before --until (${until})`)
  }
  return {
    address: receiverAddress(loadSettings(environment, {}), values.url, readTrust(values)),
    limit: readLimit(values.limit),
    isFollowing: values.follow === true,
    isJson: values.json === true,
    isUtc: values.utc === true,
    ...defined({
      service: values.service,
      kinds: values.kind && readKinds(values.kind),
      since,
      until,
    }),
  }
}

function readKinds(given: readonly string[]): readonly EventKind[] {
  return given
    .flatMap((one) => one.split(','))
    .map((name) => {
      const kind = eventKinds.find((one) => one === name.trim())
      if (kind === undefined) throw new UsageError(`--kind="${name}" must be one of ${eventKinds.join(', ')}`)
      return kind
    })
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return defaultEvents
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit > maxEvents) {
    throw new UsageError(`--limit="${text}" must be a whole number from 0 to ${maxEvents}`)
  }
  return limit
}

const rfc3339 = z.iso.datetime({ offset: true })

/** A time in RFC 3339, in UTC. A duration is a time ago. */
function readTime(flag: string, text: string | undefined, nowMs: number): string | undefined {
  if (text === undefined) return undefined
  const agoMs = parseDurationMs(text)
  if (agoMs !== undefined) return new Date(Math.max(0, nowMs - agoMs)).toISOString()
  if (rfc3339.safeParse(text).success) return new Date(text).toISOString()
  throw new UsageError(
    `${flag}="${text}" must be a time in RFC 3339 such as 2026-01-31T08:00:00Z, or a duration such as 2h for 2 hours ago`,
  )
}
