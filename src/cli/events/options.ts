import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Environment, loadSettings } from '../../config/load.ts'
import { defined } from '../../domain/defined.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import { type EventKind, eventKinds } from '../../domain/event.ts'
import { askFlags, askHelp, readTrust } from '../ask/command-line.ts'
import { type ReceiverAddress, receiverAddress } from '../ask/receiver-address.ts'

/** What `events` was asked for. */
export interface EventsOptions {
  readonly address: ReceiverAddress
  readonly service?: string
  readonly kinds?: readonly EventKind[]
  /** RFC 3339; `since` is in, `until` is not. */
  readonly since?: string
  readonly until?: string
  /** Most events that there are already, the newest. */
  readonly limit: number
  readonly isFollowing: boolean
  readonly isJson: boolean
  readonly isUtc: boolean
}

/** Most events that are printed at once: they are held in memory. */
const mostEvents = 100_000
const usualEvents = 20

export const eventsHelp = [
  'Usage: swarm-autoscaler events [--service NAME] [--kind K]... [--since T] [--until T] [--limit N] [--follow] [--json]',
  '',
  'Prints what the autoscaler did with the services and why, and what others did with them: the newest events, the last one',
  'at the bottom. It asks a running receiver, whatever that keeps its record in.',
  '',
  '  --service NAME   only of this service, by its exact name or ID',
  `  --kind K         only of this kind: ${eventKinds.join(', ')};`,
  '                   may be given again, or hold several separated by commas',
  '  --since T        only at this time or later: RFC 3339, such as 2026-01-31T08:00:00Z, or 2h for so long ago',
  '  --until T        only before this time',
  `  --limit N        the N newest of them (default: ${usualEvents})`,
  '  --follow, -f     then each new event as it comes, until Ctrl-C',
  ...askHelp,
  '',
  'Examples:',
  '  swarm-autoscaler events --follow',
  '  swarm-autoscaler events --service shop_web --since 24h --limit 500',
  '  swarm-autoscaler events --kind failed,rejected --since 7d',
  '  swarm-autoscaler events --json --limit 1000 | jq -r \'select(.kind == "scaled") | [.at, .service, .from, .to] | @tsv\'',
  '  docker exec -it $(docker ps -q -f name=autoscaler_receiver) node src/main.ts events --follow',
].join('\n')

/** Reads the command line. Throws an `Error`, `SettingsError` among them, on wrong usage. */
export function readEventsOptions(
  args: readonly string[],
  environment: Environment,
  nowMs: number,
): EventsOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...askFlags,
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
    throw new Error('--follow goes on from now, so --until has no meaning with it; leave one of them out')
  }
  if (values.service === '') throw new Error('--service must be the name of a service')
  const since = readMoment('--since', values.since, nowMs)
  const until = readMoment('--until', values.until, nowMs)
  if (since !== undefined && until !== undefined && since >= until) {
    throw new Error(`--since (${since}) must be before --until (${until})`)
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
      if (kind === undefined) throw new Error(`--kind="${name}" must be one of ${eventKinds.join(', ')}`)
      return kind
    })
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return usualEvents
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit > mostEvents) {
    throw new Error(`--limit="${text}" must be a whole number from 0 to ${mostEvents}`)
  }
  return limit
}

const rfc3339 = z.iso.datetime({ offset: true })

/** A moment as RFC 3339 has it, in UTC. A duration is so long ago. */
function readMoment(flag: string, text: string | undefined, nowMs: number): string | undefined {
  if (text === undefined) return undefined
  const agoMs = parseDurationMs(text)
  if (agoMs !== undefined) return new Date(Math.max(0, nowMs - agoMs)).toISOString()
  if (rfc3339.safeParse(text).success) return new Date(text).toISOString()
  throw new Error(
    `${flag}="${text}" must be a time as RFC 3339 has it, such as 2026-01-31T08:00:00Z, or a duration such as 2h for so long ago`,
  )
}
