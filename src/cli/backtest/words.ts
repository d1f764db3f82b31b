import { parseNumber } from '../../domain/amount.ts'
import { defined } from '../../domain/defined.ts'
import { parseDurationMs } from '../../domain/duration.ts'
import type { RouteTiming } from '../../simulator/path/alertmanager-model.ts'
import { type Path, shippedPath } from '../../simulator/run.ts'
import type { PlantWords } from './plant-words.ts'
import { UsageError } from './usage-error.ts'

/** Options that `backtest` and `simulate` have in common, for `util.parseArgs`. */
export const commonOptions = {
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
  '  --label K=V        a label, such as max=20, target.requests=50 or down.stabilization=5m; may be given again',
  '  --compare A B      two or more policies beside each other: labels upon those of above (target.cpu=60%,min=4),',
  '                     a file of labels as --suggest prints them, or a compose file',
  '                     (default: the labels of above are the policy)',
  '',
  'Replicas:',
  '  --signal S         the signal that the load is of: requests, cpu, or another target (default: the one that is targeted)',
  '  --capacity N       what one replica can bear, in the unit of the load (default: its target / 0.7; of CPU its limit)',
  '  --start-up D       from the change until a new replica works (default: 8s)',
  '  --cpu-limit N      cores that one replica may use (default: that of the service, else 1)',
  '  --fixed N          the replicas of today, to compare with (default: those of the service)',
  '  --cost N           price of one replica for one hour (default: autoscaler.cost)',
  '',
  'Alertmanager:',
  '  --up-route W/I/R, --down-route W/I/R',
  '                     group_wait, group_interval and repeat_interval (default: 0s/5s/4s and 0s/30s/25s, as shipped)',
  '',
  'Report:',
  '  --json             one JSON object instead of tables',
  '  --html F           a page with charts as well, which needs nothing but itself',
  '  --help             this text',
] as const

type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** Common options, read. */
export interface CommonWords {
  readonly plant: PlantWords
  readonly path: Path
  readonly labels: readonly string[]
  readonly fixed?: number
  readonly costPerHour?: number
  readonly isJson: boolean
  readonly html?: string
}

/** Throws `UsageError`. */
export function readCommon(values: Values): CommonWords {
  const text = (name: string) => values[name] as string | undefined
  return {
    plant: {
      startUpSeconds: seconds('--start-up', text('start-up') ?? '8s'),
      ...defined({
        signal: text('signal'),
        capacity: positive('--capacity', text('capacity')),
        cpuLimit: positive('--cpu-limit', text('cpu-limit')),
      }),
    },
    path: {
      up: route('--up-route', text('up-route')) ?? shippedPath.up,
      down: route('--down-route', text('down-route')) ?? shippedPath.down,
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

/** A number >= 0. Absent where nothing is given. */
export function number(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = parseNumber(text)
  if (value === undefined) throw new UsageError(`${name} "${text}" must be a number >= 0`)
  return value
}

/** A number > 0. Absent where nothing is given. */
export function positive(name: string, text: string | undefined): number | undefined {
  const value = number(name, text)
  if (value === 0) throw new UsageError(`${name} "${text}" must be a number > 0`)
  return value
}

export function whole(name: string, text: string | undefined): number | undefined {
  const value = number(name, text)
  if (value !== undefined && !Number.isInteger(value))
    throw new UsageError(`${name} "${text}" must be a whole number`)
  return value
}

/** A duration in seconds, whole ones. */
export function seconds(name: string, text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined || ms % 1_000 !== 0) {
    throw new UsageError(`${name} "${text}" must be a duration in whole seconds, such as 15s, 5m or 30d`)
  }
  return ms / 1_000
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
