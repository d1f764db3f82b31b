import type { Knob, Labels } from './search.ts'
import { type FoundWindow, labelsOfWindow } from './windows.ts'

/** What the knobs are made for. */
export interface KnobScene {
  readonly signal: string
  /** What one replica can bear, in the unit of the target's label; of CPU as a share of its limit. */
  readonly capacity: number
  /** The fewest replicas that bear the load, in order of size. */
  readonly sortedDemand: Int32Array
  readonly windows: readonly FoundWindow[]
}

const shares = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]
const label = (key: string, values: readonly (string | undefined)[]): Knob => ({
  name: key,
  keys: [`autoscaler.${key}`],
  choices: values.map((value): Labels => (value === undefined ? {} : { [`autoscaler.${key}`]: value })),
})

/** What is worth turning, the most telling first. */
export function knobsFor(scene: KnobScene): readonly Knob[] {
  const { signal, capacity } = scene
  const targets = shares.map((share) =>
    signal === 'cpu' ? `${Math.round(share * capacity * 100)}%` : plain(share * capacity),
  )
  return [
    label(`target.${signal}`, targets),
    ...scene.windows.map(windowKnob),
    label('min', minimums(scene.sortedDemand)),
    label('max', maximums(scene.sortedDemand)),
    label('down.stabilization', ['60s', '150s', '5m', '10m', '20m']),
    label('down.cooldown', ['30s', '60s', '3m']),
    label('down.max-step', ['25%', '50%', '100%']),
    label('up.max-step', [undefined, '100%', '4,100%']),
    label('up.stabilization', [undefined, '15s']),
  ]
}

function windowKnob(window: FoundWindow): Knob {
  const labels = labelsOfWindow(window)
  return { name: `schedule.${window.name}`, keys: Object.keys(labels), choices: [{}, labels] }
}

/** Floors as high as the demand is at least for a part of the time. */
function minimums(sorted: Int32Array): readonly string[] {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 1
  return distinct([1, 2, at(0.05), at(0.25), at(0.5), at(0.75)])
}

/** Ceilings above the peak: another day may bring more than those that were seen. */
function maximums(sorted: Int32Array): readonly string[] {
  const peak = sorted.at(-1) ?? 1
  return distinct([1.5, 2, 3].map((times) => Math.ceil(peak * times)))
}

const distinct = (numbers: readonly number[]) =>
  [...new Set(numbers.map((number) => Math.max(1, number)))].sort((a, b) => a - b).map(String)

/** Three digits, and no exponent, which a label would be hard to read with. */
function plain(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(value)))
  return `${Number(value.toFixed(Math.min(6, decimals)))}`
}
