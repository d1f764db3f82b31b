import { Table } from '../text/table.ts'
import type { ClientContext, ClientPorts } from './client/ports.ts'
import { ReceiverClient } from './client/receiver-client.ts'
import { jsonLine } from './client/text.ts'
import { timesIn } from './client/time.ts'
import { eventLayouts } from './events/columns.ts'
import { follow } from './events/follow.ts'
import { type EventsOptions, eventsHelp, readEventsOptions } from './events/options.ts'
import { type ReadEvent, readAfter, readNewest } from './events/read.ts'
import { runToStatus } from './run-to-status.ts'
import { exitStatus, type Streams } from './streams.ts'

/** `swarm-autoscaler events`. Resolves with the exit status: 0 if everything was printed, 1 on failure, 2 on wrong usage. */
export function events(args: readonly string[], context: ClientContext): Promise<number> {
  const { streams, environment, client } = context
  return runToStatus(streams, async () => {
    const options = readEventsOptions(args, environment, client.clock.nowMs())
    if (options === 'help') {
      streams.out(eventsHelp)
      return exitStatus.good
    }
    const stopping = new AbortController()
    if (options.isFollowing) context.untilAskedToStop().then(() => stopping.abort())
    await printEvents(options, context, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error
    })
    return exitStatus.good
  })
}

async function printEvents(
  options: EventsOptions,
  { streams, client: ports }: ClientContext,
  signal: AbortSignal,
): Promise<void> {
  const client = new ReceiverClient(options.address, ports.fetch)
  const print = printer(options, streams, ports)
  const { events: found, newest } = await readNewest(client, options, options.limit, signal)
  if (found.length === 0 && options.limit > 0) streams.err(`swarm-autoscaler: ${nothingFound(options)}`)
  if (found.length > 0 || options.isFollowing) print(found)
  if (!options.isFollowing) return
  await follow({
    readAfter: (id, signal) => readAfter(client, options, id, signal),
    after: newest,
    print,
    notify: (line) => streams.err(`swarm-autoscaler: ${line}`),
    clock: ports.clock,
    signal,
  })
}

function printer(options: EventsOptions, streams: Streams, { screen }: ClientPorts) {
  if (options.isJson) {
    return (found: readonly ReadEvent[]) => {
      for (const { whole } of found) streams.out(jsonLine(whole))
    }
  }
  const times = timesIn(options.isUtc ? 'UTC' : screen.timeZone)
  const layouts = eventLayouts(times, screen.columns() !== undefined)
  const table = new Table({ layouts, screen, isOpenEnded: options.isFollowing })
  return (found: readonly ReadEvent[]) => {
    for (const line of table.lines(found.map(({ event }) => event))) streams.out(line)
  }
}

/** Why there may be no events, and what to try. */
function nothingFound({ service, kinds, since, until, isFollowing }: EventsOptions): string {
  const filters = Object.entries({ service, kind: kinds, since, until }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  )
  if (isFollowing) return 'no such events yet; waiting for new ones, Ctrl-C ends'
  if (filters.length === 0) return 'no events yet; swarm-autoscaler services lists the services'
  return `no such events; try without ${filters.join(', ')}; swarm-autoscaler services lists the services`
}
