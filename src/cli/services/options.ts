import { parseArgs } from 'node:util'
import { type Environment, loadSettings } from '../../config/load.ts'
import { defined } from '../../domain/defined.ts'
import { clientFlags, clientHelp, readTrust } from '../client/common-options.ts'
import { type ReceiverAddress, receiverAddress } from '../client/receiver-address.ts'
import { UsageError } from '../usage-error.ts'

/** The options of `services`. */
export interface ServicesOptions {
  readonly address: ReceiverAddress
  /** Name or ID of one service. Absent: all services. */
  readonly name?: string
  readonly isJson: boolean
  readonly isUtc: boolean
}

export const servicesHelp = [
  'Usage: swarm-autoscaler services [NAME] [--json]',
  '',
  'Prints the status of every service with autoscaler labels: running and desired replicas, the current bounds, the replicas needed and',
  'the decision. With NAME, the name or ID of one service, it also prints what holds the service and until when, what the next alert would',
  'change, and the faults of its labels. It is a client of a running receiver.',
  '',
  ...clientHelp,
  '',
  'Examples:',
  '  swarm-autoscaler services',
  '  swarm-autoscaler services shop_web',
  '  swarm-autoscaler services --json | jq -r \'select(.policyState == "invalid") | .name\'',
  '  docker exec -it $(docker ps -q -f name=autoscaler_receiver) node src/main.ts services',
].join('\n')

/** Reads the command line. Throws `UsageError`, `SettingsError` or an error of `parseArgs` on wrong usage. */
export function readServicesOptions(
  args: readonly string[],
  environment: Environment,
): ServicesOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: clientFlags,
    allowPositionals: true,
    strict: true,
  })
  if (values.help === true) return 'help'
  const [name, tooMany] = positionals
  if (tooMany !== undefined)
    throw new UsageError(`unexpected argument "${tooMany}"; name one service at a time`)
  if (name === '') throw new UsageError('the name of a service is empty')
  return {
    address: receiverAddress(loadSettings(environment, {}), values.url, readTrust(values)),
    isJson: values.json === true,
    isUtc: values.utc === true,
    ...defined({ name }),
  }
}
