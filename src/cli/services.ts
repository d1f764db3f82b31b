import { ServiceDetail, ServicesAnswer } from '../receiver/api/schemas.ts'
import { Table } from '../text/table.ts'
import { pad, wrap } from '../text/width.ts'
import type { ClientContext, Screen } from './client/ports.ts'
import { ReceiverClient } from './client/receiver-client.ts'
import { jsonLine } from './client/text.ts'
import { type Times, timesIn } from './client/time.ts'
import { runToStatus } from './run-to-status.ts'
import { serviceLayouts } from './services/columns.ts'
import { type Fact, factsOf } from './services/details.ts'
import { readServicesOptions, type ServicesOptions, servicesHelp } from './services/options.ts'
import { exitStatus, type Streams } from './streams.ts'

/** `swarm-autoscaler services`. Resolves with the exit status: 0 if everything was printed, 1 on failure, 2 on wrong usage. */
export function services(args: readonly string[], context: ClientContext): Promise<number> {
  const { streams, environment, client: ports } = context
  return runToStatus(streams, async () => {
    const options = readServicesOptions(args, environment)
    if (options === 'help') {
      streams.out(servicesHelp)
      return exitStatus.good
    }
    const client = new ReceiverClient(options.address, ports.fetch)
    const { isUtc, name } = options
    const times = timesIn(isUtc ? 'UTC' : ports.screen.timeZone)
    const lines =
      name === undefined
        ? await allServices(client, options, ports.screen, times, streams)
        : await oneService(client, name, options, ports.screen, times)
    for (const line of lines) streams.out(line)
    return exitStatus.good
  })
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
      'swarm-autoscaler: no service has autoscaler labels, or Docker was not reached yet; set autoscaler.enable and autoscaler.max on a service',
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
/** Narrower text is not wrapped. */
const minText = 20

/** A fact next to its name; on a terminal wrapped between words. */
function printFact({ name, text, isBad = false }: Fact, screen: Screen): readonly string[] {
  const columns = screen.columns()
  const width = columns === undefined ? undefined : Math.max(minText, columns - nameWidth)
  return wrap(text, width).map((line, index) => {
    const before = pad(index === 0 ? name : '', nameWidth)
    return screen.paint('bold', before) + (isBad ? screen.paint('red', line) : line)
  })
}
