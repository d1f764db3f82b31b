import { ServiceDetail, ServicesAnswer } from '../receiver/api/schemas.ts'
import { fail, readOrRefuse } from './ask/command-line.ts'
import type { AskContext, Screen } from './ask/ports.ts'
import { ReceiverClient } from './ask/receiver-client.ts'
import { Table } from './ask/table.ts'
import { jsonLine, pad, wrap } from './ask/text.ts'
import { type Times, timesIn } from './ask/time.ts'
import { serviceLayouts } from './services/columns.ts'
import { type Fact, factsOf } from './services/details.ts'
import { readServicesOptions, type ServicesOptions, servicesHelp } from './services/options.ts'
import { exitStatus, type Streams } from './streams.ts'

/** `swarm-autoscaler services`. Resolves with the exit status: 0 when all was printed, 1 on failure, 2 on wrong usage. */
export async function services(args: readonly string[], context: AskContext): Promise<number> {
  const { streams, environment, ask } = context
  const options = readOrRefuse(() => readServicesOptions(args, environment), streams)
  if (options === undefined) return exitStatus.wrongUsage
  if (options === 'help') {
    streams.out(servicesHelp)
    return exitStatus.good
  }
  const client = new ReceiverClient(options.address, ask.fetch)
  const { isUtc, name } = options
  const times = timesIn(isUtc ? 'UTC' : ask.screen.timeZone)
  try {
    const lines =
      name === undefined
        ? await allServices(client, options, ask.screen, times, streams)
        : await oneService(client, name, options, ask.screen, times)
    for (const line of lines) streams.out(line)
    return exitStatus.good
  } catch (error) {
    return fail(error, streams)
  }
}

const path = '/api/v1/services'

async function allServices(
  client: ReceiverClient,
  { isJson }: ServicesOptions,
  screen: Screen,
  times: Times,
  streams: Streams,
): Promise<readonly string[]> {
  const { known, whole } = await client.get(path, { schema: ServicesAnswer })
  if (known.services.length === 0) {
    streams.err(
      'swarm-autoscaler: no service speaks of the autoscaler, or Docker was not reached yet; label one with autoscaler.enable and autoscaler.max',
    )
    return []
  }
  if (isJson) return (whole as { services: readonly unknown[] }).services.map(jsonLine)
  const layouts = serviceLayouts(times, screen.columns() !== undefined)
  return new Table({ layouts, screen }).lines(known.services)
}

async function oneService(
  client: ReceiverClient,
  name: string,
  { isJson }: ServicesOptions,
  screen: Screen,
  times: Times,
): Promise<readonly string[]> {
  const { known, whole } = await client.get(`${path}/${encodeURIComponent(name)}`, { schema: ServiceDetail })
  if (isJson) return [jsonLine(whole)]
  return factsOf(known, times).flatMap((fact) => printFact(fact, screen))
}

const nameWidth = 13
/** Beneath it, nothing is wrapped any more. */
const leastText = 20

/** A fact beside its name; on a terminal wrapped between words, beside the name as well. */
function printFact({ name, text, isBad = false }: Fact, screen: Screen): readonly string[] {
  const columns = screen.columns()
  const width = columns === undefined ? undefined : Math.max(leastText, columns - nameWidth)
  return wrap(text, width).map((line, index) => {
    const before = pad(index === 0 ? name : '', nameWidth)
    return screen.paint('bold', before) + (isBad ? screen.paint('red', line) : line)
  })
}
