import { parseArgs } from 'node:util'
import { type Environment, loadSettings } from '../../config/load.ts'
import { defined } from '../../domain/defined.ts'
import { askFlags, askHelp, readTrust } from '../ask/command-line.ts'
import { type ReceiverAddress, receiverAddress } from '../ask/receiver-address.ts'

/** What `services` was asked for. */
export interface ServicesOptions {
  readonly address: ReceiverAddress
  /** Name or ID of the one service. Absent: all of them. */
  readonly name?: string
  readonly isJson: boolean
  readonly isUtc: boolean
}

export const servicesHelp = [
  'Usage: swarm-autoscaler services [NAME] [--json]',
  '',
  'Prints how every service stands that speaks of the autoscaler: replicas running and desired, the bounds in force, what was',
  'asked for, and what is done about it. With NAME, the name or ID of one service: all of that, what holds it and until when,',
  'what the next alert would do, and what is wrong with its labels. It asks a running receiver.',
  '',
  ...askHelp,
  '',
  'Examples:',
  '  swarm-autoscaler services',
  '  swarm-autoscaler services shop_web',
  '  swarm-autoscaler services --json | jq -r \'select(.policyState == "invalid") | .name\'',
  '  docker exec -it $(docker ps -q -f name=autoscaler_receiver) node src/main.ts services',
].join('\n')

/** Reads the command line. Throws an `Error`, `SettingsError` among them, on wrong usage. */
export function readServicesOptions(
  args: readonly string[],
  environment: Environment,
): ServicesOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: askFlags,
    allowPositionals: true,
    strict: true,
  })
  if (values.help === true) return 'help'
  const [name, tooMany] = positionals
  if (tooMany !== undefined) throw new Error(`${tooMany} is a word too many; one service is named at a time`)
  if (name === '') throw new Error('the name of a service is empty')
  return {
    address: receiverAddress(loadSettings(environment, {}), values.url, readTrust(values)),
    isJson: values.json === true,
    isUtc: values.utc === true,
    ...defined({ name }),
  }
}
