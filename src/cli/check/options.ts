import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Environment, loadSettings } from '../../config/load.ts'
import { flagOf, type SettingName, type Settings } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import { UsageError } from '../usage-error.ts'

/** The options of `check`. */
export interface CheckOptions {
  readonly settings: Settings
  /** Rule files, in the given order; for a folder its `.yml` and `.yaml` files. */
  readonly rules: readonly string[]
  readonly alertmanager?: string
  /** The address of Prometheus, to query what is measured. */
  readonly prometheus?: string
  readonly isJson: boolean
  /** Whether the user named an engine on the command line, so that it must be reachable. */
  readonly isEngineNamed: boolean
}

/** The settings of `serve` that matter to `check`, as flags of the same name. */
const settingFlags = [
  'AUTOSCALER_POLICY_FILE',
  'AUTOSCALER_ALERT_TTL',
  'AUTOSCALER_ONLY',
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
] as const satisfies readonly SettingName[]

export const checkHelp = [
  'Usage: swarm-autoscaler check [--rules F]... [--alertmanager F] [--prometheus URL] [--policy-file F] [--json]',
  '',
  'Reports what would not work and why: in the labels of the running services, the policy file, the rules of Prometheus and the',
  'configuration of Alertmanager, and which signals are not measured. Exit status: 0 = no errors, 1 = errors, 2 = wrong usage or a file that',
  'cannot be read.',
  '',
  '  --rules F          rule files or folders of them; repeatable, and several may follow one --rules',
  '  --alertmanager F   the configuration of Alertmanager',
  '  --prometheus URL   the Prometheus to query for the signals that services target',
  '  --policy-file F    the policy file (AUTOSCALER_POLICY_FILE)',
  '  --alert-ttl D      when the receiver forgets an alert (AUTOSCALER_ALERT_TTL, default: 2m)',
  '  --only L           the services that the receiver may scale (AUTOSCALER_ONLY, default: all that are enabled)',
  '  --docker-host H, --docker-tls-verify 1, --docker-cert-path D',
  '                     the engine of a Swarm manager (DOCKER_HOST, …); if given, it must be reachable',
  '  --json             the findings as one JSON object',
  '  --help             this text',
].join('\n')

/** Reads the command line. Throws `UsageError`, `SettingsError` or an error of `parseArgs` on wrong usage. */
export function readOptions(args: readonly string[], environment: Environment): CheckOptions | 'help' {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: {
      rules: { type: 'string', multiple: true },
      alertmanager: { type: 'string' },
      prometheus: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
      ...Object.fromEntries(settingFlags.map((name) => [flagOf(name), { type: 'string' as const }])),
    },
    allowPositionals: true,
    strict: true,
    tokens: true,
  })
  if (values.help === true) return 'help'
  const flags = tokens.flatMap((token) =>
    token.kind === 'option' && settingFlags.some((name) => flagOf(name) === token.name)
      ? [[token.name, token.value ?? ''] as const]
      : [],
  )
  const { alertmanager, prometheus } = values
  if (prometheus !== undefined && URL.parse(prometheus)?.protocol.startsWith('http') !== true) {
    throw new UsageError(`--prometheus="${prometheus}" must be an address such as http://127.0.0.1:9090`)
  }
  return {
    settings: loadSettings(environment, Object.fromEntries(flags)),
    rules: rulePaths(tokens).flatMap(filesIn),
    isJson: values.json === true,
    isEngineNamed: flags.some(([name]) => name === flagOf('DOCKER_HOST')),
    ...defined({ alertmanager, prometheus }),
  }
}

interface Token {
  readonly kind: string
  readonly name?: string
  readonly value?: string | undefined
}

/** A shell turns `--rules *.yml` into one option with words after it. Words anywhere else are wrong usage. */
function rulePaths(tokens: readonly Token[]): readonly string[] {
  let isAfterRules = false
  return tokens.flatMap(({ kind, name, value = '' }) => {
    if (kind === 'option') isAfterRules = name === 'rules'
    if (kind === 'positional' && !isAfterRules) {
      throw new UsageError(`unexpected argument "${value}"; rule files follow --rules`)
    }
    return (kind === 'option' && isAfterRules) || kind === 'positional' ? [value] : []
  })
}

/** A path that does not exist is kept, and reported when it is read. */
function filesIn(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path]
  const files = readdirSync(path).filter((name) => /\.ya?ml$/.test(name))
  if (files.length === 0) throw new UsageError(`${path} has no .yml or .yaml file in it`)
  return files.toSorted().map((name) => join(path, name))
}
