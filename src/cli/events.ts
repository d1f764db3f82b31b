import { fail, readOrRefuse } from './ask/command-line.ts'
import type { AskContext } from './ask/ports.ts'
import { ReceiverClient } from './ask/receiver-client.ts'
import { Table } from './ask/table.ts'
import { jsonLine } from './ask/text.ts'
import { timesIn } from './ask/time.ts'
import { eventLayouts } from './events/columns.ts'
import { follow } from './events/follow.ts'
import { type EventsOptions, eventsHelp, readEventsOptions } from './events/options.ts'
import { type ReadEvent, readAfter, readNewest } from './events/read.ts'
import { exitStatus } from './streams.ts'

/** `swarm-autoscaler events`. Resolves with the exit status: 0 when all was printed, 1 on failure, 2 on wrong usage. */
export async function events(args: readonly string[], context: AskContext): Promise<number> {
  const { streams, environment, ask } = context
  const read = () => readEventsOptions(args, environment, ask.clock.nowMs())
  const options = readOrRefuse(read, streams)
  if (options === undefined) return exitStatus.wrongUsage
  if (options === 'help') {
    streams.out(eventsHelp)
    return exitStatus.good
  }
  const stopping = new AbortController()
  if (options.isFollowing) context.untilAskedToStop().then(() => stopping.abort())
  try {
    await printEvents(options, context, stopping.signal)
    return exitStatus.good
  } catch (error) {
    return stopping.signal.aborted ? exitStatus.good : fail(error, streams)
  }
}

async function printEvents(
  options: EventsOptions,
  { streams, ask }: AskContext,
  signal: AbortSignal,
): Promise<void> {
  const client = new ReceiverClient(options.address, ask.fetch)
  const print = printer(options, { streams, ask })
  const { events: found, newest } = await readNewest(client, options, options.limit, signal)
  if (found.length === 0 && options.limit > 0) streams.err(`swarm-autoscaler: ${nothingFound(options)}`)
  if (found.length > 0 || options.isFollowing) print(found)
  if (!options.isFollowing) return
  await follow({
    readAfter: (id, signal) => readAfter(client, options, id, signal),
    after: newest,
    print,
    say: (line) => streams.err(`swarm-autoscaler: ${line}`),
    clock: ask.clock,
    signal,
  })
}

function printer(options: EventsOptions, { streams, ask: { screen } }: Pick<AskContext, 'streams' | 'ask'>) {
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

/** Why there may be no event, and what to look at. */
function nothingFound({ service, kinds, since, until, isFollowing }: EventsOptions): string {
  const filters = Object.entries({ service, kind: kinds, since, until }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  )
  if (isFollowing) return 'no such events yet; new ones are waited for, Ctrl-C ends'
  if (filters.length === 0) return 'nothing has happened yet; swarm-autoscaler services shows what is watched'
  return `no such events; try without ${filters.join(', ')}, and see swarm-autoscaler services for what is watched`
}
