import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { defined } from '../domain/defined.ts'
import { holdContest } from '../simulator/contest.ts'
import { makeLoad, type ShapeName, shapeNames, shapes } from '../simulator/load/shapes.ts'
import type { Subject } from '../simulator/report/facts.ts'
import type { Scene } from '../simulator/run.ts'
import { comparedPolicies, comparedWords, firstLabels } from './backtest/compared.ts'
import { modelPlant } from './backtest/plant-words.ts'
import { policyOf, readLabels } from './backtest/policy-source.ts'
import { report } from './backtest/report.ts'
import { type BacktestContext, runToStatus } from './backtest/run-command.ts'
import { UsageError } from './backtest/usage-error.ts'
import { commonHelp, commonOptions, number, positive, readCommon, seconds, whole } from './backtest/words.ts'
import { exitStatus } from './streams.ts'

const simulateHelp = [
  'Usage: swarm-autoscaler simulate --shape S [--label K=V]... [options]',
  '',
  'Runs the autoscaler on a made-up load, to learn what labels do: the shipped rules, Alertmanager and the decision itself, on a virtual',
  "clock, beside a fixed number, the best possible, Kubernetes' HPA and a script that cron starts.",
  '',
  'Load:',
  ...Object.entries(shapes).map(
    ([name, { about, factor }]) => `  --shape ${name.padEnd(13)}${about} (factor ${factor})`,
  ),
  '  --base N           the ordinary load (default: 300)',
  '  --factor N         how many times the base it goes up to',
  '  --duration D       how long it is',
  '  --noise N          standard deviation of the noise, as a share of the load (default: 0.03)',
  '  --seed N           another noise, and other bursts (default: 1)',
  '  --save F           keep the load as a CSV file for backtest, a sample each 15 s',
  '  --start T          when it begins, RFC 3339; windows open by it (default: 2026-11-23T00:00:00Z, a Monday)',
  '',
  ...commonHelp,
  '',
  'Without labels the policy is min=2, max=200 and target.requests=70, of replicas that can bear 100.',
  '',
  'Examples:',
  '  swarm-autoscaler simulate --shape spike --factor 20',
  '  swarm-autoscaler simulate --shape flapping --compare down.stabilization=60s down.stabilization=10m',
  '  swarm-autoscaler simulate --shape black-friday --label "schedule.sale.start=55 7 23 11 *" --label schedule.sale.duration=2h \\',
  '    --label schedule.sale.min=70 --html report.html',
].join('\n')

const defaultLabels = { 'autoscaler.min': '2', 'autoscaler.max': '200' }
const options = {
  ...commonOptions,
  shape: { type: 'string' },
  base: { type: 'string' },
  factor: { type: 'string' },
  duration: { type: 'string' },
  noise: { type: 'string' },
  seed: { type: 'string' },
  start: { type: 'string' },
  save: { type: 'string' },
} as const

/** `swarm-autoscaler simulate`. Resolves with the exit status: 0 when it has told, 2 on wrong usage. */
export function simulate(args: readonly string[], { streams }: BacktestContext): Promise<number> {
  return runToStatus(streams, async () => {
    const { values, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    })
    if (values.help === true) {
      streams.out(simulateHelp)
      return exitStatus.good
    }
    const words = readCommon(values)
    const subject = simulated(values, words, comparedWords(tokens))
    if (values.save !== undefined) save(values.save, subject.contest.scene)
    report(subject, words, streams)
    return exitStatus.good
  })
}

type Values = Readonly<Partial<Record<keyof typeof options, unknown>>>

function simulated(
  values: Values,
  words: ReturnType<typeof readCommon>,
  compared: readonly string[],
): Subject {
  const shape = shapeOf(values.shape as string | undefined)
  const own = readLabels(words.labels)
  const hasTarget = Object.keys(own).some((key) => key.startsWith('autoscaler.target.'))
  const labels = { ...defaultLabels, ...(hasTarget ? {} : { 'autoscaler.target.requests': '70' }), ...own }
  const base = policyOf(firstLabels(compared, labels, undefined))
  const plant = modelPlant(base, words.plant)
  const policies = comparedPolicies(compared, labels, { ...words.plant, signal: plant.signal }, undefined)
  const [first = { name: 'autoscaler', policy: base }, ...others] = policies
  const scene = {
    ...plant,
    startMs: startOf(values.start as string | undefined),
    load: loadOf(shape, values),
  }
  const { fixed, costPerHour, path } = words
  return {
    title: shape,
    signal: plant.signal,
    trace: { stepMs: 1_000, gaps: { count: 0, longestMs: 0, totalMs: 0 } },
    isCapacityAssumed: plant.isCapacityAssumed,
    contest: holdContest({ scene, policies: [first, ...others], path, ...defined({ fixed, costPerHour }) }),
  }
}

function shapeOf(text: string | undefined): ShapeName {
  const shape = shapeNames.find((name) => name === text)
  if (shape !== undefined) return shape
  throw new UsageError(
    `--shape ${text === undefined ? 'is missing' : `"${text}" is not known`}; it must be one of ${shapeNames.join(', ')}`,
  )
}

function loadOf(shape: ShapeName, values: Values): Float64Array {
  const text = (name: keyof Values) => values[name] as string | undefined
  const factor = number('--factor', text('factor'))
  if (factor !== undefined && factor < 1)
    throw new UsageError(`--factor "${text('factor')}" must be 1 or more`)
  const duration = text('duration')
  return makeLoad(shape, {
    base: positive('--base', text('base')) ?? 300,
    ...defined({
      factor,
      seconds: duration === undefined ? undefined : lengthOf(duration),
      noise: number('--noise', text('noise')),
      seed: whole('--seed', text('seed')),
    }),
  })
}

/** Less shows nothing, and more is more than a machine holds. */
function lengthOf(text: string): number {
  const length = seconds('--duration', text)
  if (length < 600 || length > 400 * 86_400)
    throw new UsageError(`--duration "${text}" must be from 10m to 400d`)
  return length
}

function startOf(text = '2026-11-23T00:00:00Z'): number {
  const startMs = Date.parse(text)
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(startMs)) {
    throw new UsageError(`--start "${text}" must be such as 2026-11-23T00:00:00Z`)
  }
  return startMs
}

const savedStep = 15

function save(path: string, { load, startMs }: Scene): void {
  const lines = ['time,load']
  for (let second = 0; second < load.length; second += savedStep) {
    lines.push(`${new Date(startMs + second * 1_000).toISOString()},${(load[second] as number).toFixed(3)}`)
  }
  try {
    writeFileSync(path, `${lines.join('\n')}\n`)
  } catch (error) {
    throw new UsageError(`--save "${path}" cannot be written: ${(error as Error).message}`)
  }
}
