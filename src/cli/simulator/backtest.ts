import { loadSettings } from '../../config/load.ts'
import { flagOf, type SettingName } from '../../config/settings.ts'
import { defined } from '../../domain/defined.ts'
import { compare } from '../../simulator/comparison.ts'
import type { ReportInput } from '../../simulator/report/summary.ts'
import { textOf } from '../option-values.ts'
import type { Labels } from '../policy-labels.ts'
import { runToStatus } from '../run-to-status.ts'
import { exitStatus } from '../streams.ts'
import { UsageError } from '../usage-error.ts'
import {
  type CommonOptions,
  commonFlags,
  commonHelp,
  parseCommandLine,
  readCommonOptions,
} from './common-options.ts'
import { comparedWords, readPolicies } from './compared-policies.ts'
import type { SimulatorCommandContext } from './context.ts'
import { loadFlags, loadHelp, readLoad, readLoadSource } from './load-source.ts'
import { readServiceFacts } from './policy-source.ts'
import type { ReplicaOptions } from './replica-model.ts'
import { suggest, suggestFlags, suggestHelp } from './suggest.ts'
import { writeReport } from './write-report.ts'

const backtestHelp = [
  'Usage: swarm-autoscaler backtest (--csv F | --prometheus URL) [--service S] [options]',
  '',
  'Runs the autoscaler on the load of the past: the shipped rules, Alertmanager and the decision itself, on a virtual clock. It prints the',
  'minutes above capacity and the cost, next to the current number of replicas, enough for the peak, the best possible,',
  "Kubernetes' HPA with its defaults and a cron script. It changes nothing.",
  '',
  ...loadHelp,
  '',
  'Source of the policy:',
  '  --service S        a service that runs in the swarm of DOCKER_HOST, or that one of these files names',
  '  --compose F        a compose file',
  '  --policy-file F    a policy file; labels override it (AUTOSCALER_POLICY_FILE)',
  '  --docker-host H, --docker-tls-verify 1, --docker-cert-path D',
  '                     the engine of a Swarm manager (DOCKER_HOST, …)',
  '',
  ...commonHelp,
  '',
  ...suggestHelp,
  '',
  'Examples:',
  '  swarm-autoscaler backtest --prometheus http://127.0.0.1:9090 --service shop_web --range 30d --html report.html',
  '  swarm-autoscaler backtest --csv load.csv --label max=20 --label target.requests=50 --fixed 12',
  '  swarm-autoscaler backtest --csv load.csv --compose stack.yml --compare target.requests=40 target.requests=60',
  '  swarm-autoscaler backtest --csv load.csv --compose stack.yml --suggest --slo "0.1% above capacity"',
].join('\n')

const settingFlags = [
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'AUTOSCALER_POLICY_FILE',
] as const satisfies readonly SettingName[]

const flags = {
  ...commonFlags,
  ...loadFlags,
  ...suggestFlags,
  compose: { type: 'string' },
  service: { type: 'string' },
  'docker-host': { type: 'string' },
  'docker-tls-verify': { type: 'string' },
  'docker-cert-path': { type: 'string' },
  'policy-file': { type: 'string' },
} as const

type Values = Readonly<Record<string, unknown>>

/** `swarm-autoscaler backtest`. Resolves with the exit status: 0 with a report, 1 on failure or an unusable load, 2 on wrong usage. */
export function backtest(args: readonly string[], context: SimulatorCommandContext): Promise<number> {
  const { streams } = context
  return runToStatus(streams, async () => {
    const { values, tokens } = parseCommandLine(args, flags)
    if (values.help === true) {
      streams.out(backtestHelp)
      return exitStatus.good
    }
    const options = readCommonOptions(values)
    if (values.suggest === true && (values.compare !== undefined || values.html !== undefined)) {
      throw new UsageError(
        '--suggest cannot be combined with --compare or --html; compare the suggestion afterwards',
      )
    }
    const { input, labels, replica } = await runOnPast(values, options, comparedWords(tokens), context)
    if (values.suggest === true) {
      const { slo, timezone } = values
      return suggest({ input, labels, replica, options, ...defined({ slo, timezone }) }, context)
    }
    writeReport(input, options, streams)
    return exitStatus.good
  })
}

interface PastRun {
  readonly input: ReportInput
  readonly labels: Labels
  readonly replica: ReplicaOptions
}

async function runOnPast(
  values: Values,
  options: CommonOptions,
  compared: readonly string[],
  { environment, ports }: SimulatorCommandContext,
): Promise<PastRun> {
  const source = readLoadSource(values)
  const settings = loadSettings(environment, settingsIn(values))
  const [service, compose] = [textOf(values, 'service'), textOf(values, 'compose')]
  const policyFile = settings.AUTOSCALER_POLICY_FILE || undefined
  const isEngineNamed = values['docker-host'] !== undefined
  const named = { labels: options.labels, isEngineNamed, ...defined({ service, compose, policyFile }) }
  const facts = await readServiceFacts(named, settings, ports)
  const cpuLimit = options.replica.cpuLimit ?? facts.cpuLimit
  const replica = { ...options.replica, ...defined({ cpuLimit }) }
  const { labels } = facts
  const { model, policies } = readPolicies({ compared, labels, replica, service })
  const { title, trace } = await readLoad(source, { service, signal: model.signal }, ports)
  const fixed = options.fixed ?? facts.replicas
  const { costPerHour, pipeline } = options
  const comparison = compare({
    scene: { ...model, startMs: trace.startMs, load: trace.load },
    policies,
    pipeline,
    ...defined({ fixed, costPerHour }),
  })
  const { signal, isCapacityAssumed } = model
  return { input: { title, signal, trace, isCapacityAssumed, comparison }, labels, replica }
}

function settingsIn(values: Values): Record<string, string> {
  const given = settingFlags.flatMap((name) => {
    const value = textOf(values, flagOf(name))
    return value === undefined ? [] : [[flagOf(name), value] as const]
  })
  return Object.fromEntries(given)
}
