import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { defined } from '../../domain/defined.ts'
import type { RouteTiming } from '../../simulator/pipeline/alertmanager-model.ts'
import { type Pipeline, shippedPipeline } from '../../simulator/run.ts'
import { number, positive, seconds, textOf, whole } from '../option-values.ts'
import { UsageError } from '../usage-error.ts'
import type { ReplicaOptions } from './replica-model.ts'

/** The flags that `backtest` and `simulate` share. */
export const commonFlags = {
  label: { type: 'string', multiple: true },
  compare: { type: 'string', multiple: true },
  signal: { type: 'string' },
  capacity: { type: 'string' },
  'start-up': { type: 'string' },
  'cpu-limit': { type: 'string' },
  fixed: { type: 'string' },
  cost: { type: 'string' },
  'up-route': { type: 'string' },
  'down-route': { type: 'string' },
  json: { type: 'boolean' },
  html: { type: 'string' },
  help: { type: 'boolean' },
} as const

export const commonHelp = [
  'Policy:',
  '  --label K=V        a label, such as max=20, target.requests=50 or down.stabilization=5m; repeatable',
  '  --compare A B      two or more policies side by side: labels that are added to those above (target.cpu=60%,min=4),',
  '                     a file of labels as --suggest prints them, or a compose file',
  '                     (default: the labels above are the policy)',
  '',
  'Replicas:',
  '  --signal S         the signal that the load is measured in: requests, cpu, or another target (default: the targeted one)',
  '  --capacity N       the most that one replica can serve, in the unit of the load (default: its target / 0.7; for CPU its limit)',
  '  --start-up D       time until a new replica serves load (default: 8s)',
  '  --cpu-limit N      CPU limit of one replica, in cores (default: that of the service, else 1)',
  '  --fixed N          the current number of replicas, to compare with (default: that of the service)',
  '  --cost N           price of one replica for one hour (default: autoscaler.cost)',
  '',
  'Alertmanager:',
  '  --up-route W/I/R, --down-route W/I/R',
  '                     group_wait, group_interval and repeat_interval (default: 0s/5s/4s and 0s/30s/25s, as shipped)',
  '',
  'Report:',
  '  --json             one JSON object instead of tables',
  '  --html F           also write a page with charts, in one file',
  '  --help             this text',
] as const

/** The options that `backtest` and `simulate` share. */
export interface CommonOptions {
  readonly replica: ReplicaOptions
  readonly pipeline: Pipeline
  readonly labels: readonly string[]
  readonly fixed?: number
  readonly costPerHour?: number
  readonly isJson: boolean
  readonly html?: string
}

/** Parses a command line whose `--compare` may be followed by several words. */
export function parseCommandLine<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true })
}

/** Throws `UsageError`. */
export function readCommonOptions(values: Readonly<Record<string, unknown>>): CommonOptions {
  const text = (name: string) => textOf(values, name)
  return {
    replica: {
      startUpSeconds: seconds('--start-up', text('start-up') ?? '8s'),
      ...defined({
        signal: text('signal'),
        capacity: positive('--capacity', text('capacity')),
        cpuLimit: positive('--cpu-limit', text('cpu-limit')),
      }),
    },
    pipeline: {
      up: route('--up-route', text('up-route')) ?? shippedPipeline.up,
      down: route('--down-route', text('down-route')) ?? shippedPipeline.down,
    },
    labels: (values['label'] as readonly string[] | undefined) ?? [],
    isJson: values['json'] === true,
    ...defined({
      fixed: whole('--fixed', text('fixed')),
      costPerHour: number('--cost', text('cost')),
      html: text('html'),
    }),
  }
}

function route(name: string, text: string | undefined): RouteTiming | undefined {
  if (text === undefined) return undefined
  const parts = text.split('/')
  const [groupWait, groupInterval, repeatInterval] = parts.map((part) => seconds(name, part))
  if (
    groupWait === undefined ||
    groupInterval === undefined ||
    repeatInterval === undefined ||
    parts.length > 3
  ) {
    throw new UsageError(
      `${name} "${text}" must be group_wait/group_interval/repeat_interval, such as 0s/5s/4s`,
    )
  }
  if (groupInterval === 0) throw new UsageError(`${name} "${text}" must have a group_interval above 0`)
  return { groupWait, groupInterval, repeatInterval }
}
