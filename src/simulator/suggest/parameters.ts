import { digits } from '../report/summary.ts'
import type { Labels, Parameter } from './search.ts'
import { type FoundWindow, labelsOfWindow } from './windows.ts'

/** What the values of the parameters depend on. */
export interface ParameterInput {
  readonly signal: string
  /** The most that one replica can serve, in the unit of the target's label; for CPU as a share of its limit. */
  readonly capacity: number
  /** The fewest replicas that can serve the load, sorted. */
  readonly sortedDemand: Int32Array
  readonly windows: readonly FoundWindow[]
}

const shares = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]
const label = (key: string, values: readonly (string | undefined)[]): Parameter => ({
  name: key,
  keys: [`autoscaler.${key}`],
  choices: values.map((value): Labels => (value === undefined ? {} : { [`autoscaler.${key}`]: value })),
})

/** The parameters of the search, the most effective first. */
export function parametersFor(input: ParameterInput): readonly Parameter[] {
  const { signal, capacity } = input
  const targets = shares.map((share) =>
    signal === 'cpu' ? `${Math.round(share * capacity * 100)}%` : digits(share * capacity),
  )
  return [
    label(`target.${signal}`, targets),
    ...input.windows.map(windowParameter),
    label('min', minimums(input.sortedDemand)),
    label('max', maximums(input.sortedDemand)),
    label('down.stabilization', ['60s', '150s', '5m', '10m', '20m']),
    label('down.cooldown', ['30s', '60s', '3m']),
    label('down.max-step', ['25%', '50%', '100%']),
    label('up.max-step', [undefined, '100%', '4,100%']),
    label('up.stabilization', [undefined, '15s']),
  ]
}

function windowParameter(window: FoundWindow): Parameter {
  const labels = labelsOfWindow(window)
  return { name: `schedule.${window.name}`, keys: Object.keys(labels), choices: [{}, labels] }
}

/** Values for `min`: quantiles of the demand. */
function minimums(sorted: Int32Array): readonly string[] {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 1
  return distinct([1, 2, at(0.05), at(0.25), at(0.5), at(0.75)])
}

/** Values for `max`: above the peak, since other days may need more. */
function maximums(sorted: Int32Array): readonly string[] {
  const peak = sorted.at(-1) ?? 1
  return distinct([1.5, 2, 3].map((times) => Math.ceil(peak * times)))
}

const distinct = (numbers: readonly number[]) =>
  [...new Set(numbers.map((number) => Math.max(1, number)))].sort((a, b) => a - b).map(String)
