import { defined } from '../../domain/defined.ts'
import { compare } from '../../simulator/comparison.ts'
import type { ReportInput } from '../../simulator/report/summary.ts'
import type { Scene } from '../../simulator/scene.ts'
import { readLabels } from '../policy-labels.ts'
import { runToStatus } from '../run-to-status.ts'
import { exitStatus } from '../streams.ts'
import {
  type CommonOptions,
  commonFlags,
  commonHelp,
  parseCommandLine,
  readCommonOptions,
} from './common-options.ts'
import { comparedWords, readPolicies } from './compared-policies.ts'
import type { SimulatorCommandContext } from './context.ts'
import { readShapedLoad, type ShapedLoad, shapeFlags, shapeHelp } from './shape-options.ts'
import { writeFile, writeReport } from './write-report.ts'

const simulateHelp = [
  'Usage: swarm-autoscaler simulate --shape S [--label K=V]... [options]',
  '',
  'Runs the autoscaler on a made-up load, to learn what labels do: the shipped rules, Alertmanager and the decision itself, on a virtual',
  "clock, next to a fixed number of replicas, the best possible, Kubernetes' HPA and a cron script.",
  '',
  ...shapeHelp,
  '  --save F           also write the load to a CSV file for backtest, one sample every 15 s',
  '',
  ...commonHelp,
  '',
  'Without labels the policy is min=2, max=200 and target.requests=70, with replicas that can serve 100.',
  '',
  'Examples:',
  '  swarm-autoscaler simulate --shape spike --factor 20',
  '  swarm-autoscaler simulate --shape flapping --compare down.stabilization=60s down.stabilization=10m',
  '  swarm-autoscaler simulate --shape black-friday --label "schedule.sale.start=55 7 23 11 *" --label schedule.sale.duration=2h \\',
  '    --label schedule.sale.min=70 --html report.html',
].join('\n')

const flags = { ...commonFlags, ...shapeFlags, save: { type: 'string' } } as const

/** `swarm-autoscaler simulate`. Resolves with the exit status: 0 with a report, 2 on wrong usage. */
export function simulate(
  args: readonly string[],
  { streams }: Pick<SimulatorCommandContext, 'streams'>,
): Promise<number> {
  return runToStatus(streams, async () => {
    const { values, tokens } = parseCommandLine(args, flags)
    if (values.help === true) {
      streams.out(simulateHelp)
      return exitStatus.good
    }
    const options = readCommonOptions(values)
    const input = simulated(readShapedLoad(values), options, comparedWords(tokens))
    if (values.save !== undefined) writeFile('--save', values.save, csvOf(input.comparison.scene))
    writeReport(input, options, streams)
    return exitStatus.good
  })
}

function simulated(
  { shape, startMs, load }: ShapedLoad,
  options: CommonOptions,
  compared: readonly string[],
): ReportInput {
  const { replica, fixed, costPerHour, pipeline } = options
  const { model, policies } = readPolicies({ compared, labels: withDefaults(options.labels), replica })
  return {
    title: shape,
    signal: model.signal,
    trace: { stepMs: 1_000, gaps: { count: 0, longestMs: 0, totalMs: 0 } },
    isCapacityAssumed: model.isCapacityAssumed,
    comparison: compare({
      scene: { ...model, startMs, load },
      policies,
      pipeline,
      ...defined({ fixed, costPerHour }),
    }),
  }
}

function withDefaults(pairs: readonly string[]) {
  const own = readLabels(pairs)
  const hasTarget = Object.keys(own).some((key) => key.startsWith('autoscaler.target.'))
  const target = hasTarget ? {} : { 'autoscaler.target.requests': '70' }
  return { 'autoscaler.min': '2', 'autoscaler.max': '200', ...target, ...own }
}

const savedStepSeconds = 15

function csvOf({ load, startMs }: Scene): string {
  const lines = ['time,load']
  for (let second = 0; second < load.length; second += savedStepSeconds) {
    lines.push(`${new Date(startMs + second * 1_000).toISOString()},${(load[second] as number).toFixed(3)}`)
  }
  return `${lines.join('\n')}\n`
}
