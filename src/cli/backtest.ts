import { parseArgs } from 'node:util'
import { loadSettings } from '../config/load.ts'
import { flagOf, type SettingName } from '../config/settings.ts'
import { defined } from '../domain/defined.ts'
import { holdContest } from '../simulator/contest.ts'
import type { Subject } from '../simulator/report/facts.ts'
import { comparedPolicies, comparedWords, firstLabels } from './backtest/compared.ts'
import { type LoadWords, loadHelp, loadOptions, readLoad, readLoadWords } from './backtest/load-source.ts'
import { modelPlant } from './backtest/plant-words.ts'
import { gatherLabels, policyOf } from './backtest/policy-source.ts'
import { report } from './backtest/report.ts'
import { type BacktestContext, runToStatus } from './backtest/run-command.ts'
import { suggestFor, suggestHelp, suggestOptions } from './backtest/suggest.ts'
import { UsageError } from './backtest/usage-error.ts'
import { type CommonWords, commonHelp, commonOptions, readCommon } from './backtest/words.ts'
import { exitStatus } from './streams.ts'

const backtestHelp = [
  'Usage: swarm-autoscaler backtest (--csv F | --prometheus URL) [--service S] [options]',
  '',
  'Runs the autoscaler on the load that there was: the shipped rules, Alertmanager and the decision itself, on a virtual clock. It tells',
  'the replicas over time, the minutes above capacity and the cost, beside the fixed number of today, a fixed peak, the best possible,',
  "Kubernetes' HPA with its defaults and a script that cron starts. Nothing is changed anywhere.",
  '',
  ...loadHelp,
  '',
  'Where the policy is:',
  '  --service S        a service that runs in the swarm of DOCKER_HOST, or is named in one of these files',
  '  --compose F        a compose file',
  '  --policy-file F    a policy file, beneath the labels (AUTOSCALER_POLICY_FILE)',
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
const options = {
  ...commonOptions,
  ...loadOptions,
  ...suggestOptions,
  compose: { type: 'string' },
  service: { type: 'string' },
  'docker-host': { type: 'string' },
  'docker-tls-verify': { type: 'string' },
  'docker-cert-path': { type: 'string' },
  'policy-file': { type: 'string' },
} as const

/** `swarm-autoscaler backtest`. Resolves with the exit status: 0 when it has told, 1 where the load is of no use, 2 on wrong usage. */
export function backtest(args: readonly string[], context: BacktestContext): Promise<number> {
  const { streams } = context
  return runToStatus(streams, async () => {
    const { values, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    if (values.help === true) {
      streams.out(backtestHelp)
      return exitStatus.good
    }
    const words = readCommon(values)
    if (values.suggest === true && (values.compare !== undefined || values.html !== undefined)) {
      throw new UsageError(
        '--suggest goes with neither --compare nor --html; compare what it has found afterwards',
      )
    }
    const { subject, labels, plant } = await lookBack(
      values,
      words,
      readLoadWords(values),
      comparedWords(tokens),
      context,
    )
    if (values.suggest === true)
      return suggestFor(
        { subject, labels, plant, slo: values.slo, words, timezone: values.timezone },
        context,
      )
    report(subject, words, streams)
    return exitStatus.good
  })
}

type Values = Readonly<{
  service?: string
  compose?: string
  'policy-file'?: string
  'docker-host'?: string
}> &
  Readonly<Record<string, unknown>>

async function lookBack(
  values: Values,
  words: CommonWords,
  loadWords: LoadWords,
  compared: readonly string[],
  { environment, backtest: ports }: BacktestContext,
) {
  const flags = settingFlags.flatMap((name) => {
    const value = values[flagOf(name)]
    return typeof value === 'string' ? [[flagOf(name), value] as const] : []
  })
  const settings = loadSettings(environment, Object.fromEntries(flags))
  const { service, compose } = values
  const facts = await gatherLabels(
    {
      labels: words.labels,
      isEngineNamed: values['docker-host'] !== undefined,
      ...defined({ service, compose, policyFile: settings.AUTOSCALER_POLICY_FILE || undefined }),
    },
    settings,
    ports,
  )
  const cpuLimit = words.plant.cpuLimit ?? facts.cpuLimit
  const plantWords = { ...words.plant, ...defined({ cpuLimit }) }
  const base = policyOf(firstLabels(compared, facts.labels, service))
  const plant = modelPlant(base, plantWords)
  const policies = comparedPolicies(compared, facts.labels, { ...plantWords, signal: plant.signal }, service)
  const [first = { name: service ?? 'autoscaler', policy: base }, ...others] = policies
  const { title, trace } = await readLoad(loadWords, { service, signal: plant.signal }, ports)
  const fixed = words.fixed ?? facts.replicas
  const { costPerHour, path } = words
  const subject: Subject = {
    title,
    signal: plant.signal,
    trace,
    isCapacityAssumed: plant.isCapacityAssumed,
    contest: holdContest({
      scene: { ...plant, startMs: trace.startMs, load: trace.load },
      policies: [first, ...others],
      path,
      ...defined({ fixed, costPerHour }),
    }),
  }
  return { subject, labels: facts.labels, plant: plantWords }
}
