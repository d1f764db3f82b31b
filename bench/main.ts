/**
 * How fast the receiver is and what it costs, in one table of ratios. With the names of measurements as arguments it takes these only.
 * README.md explains the output.
 */
import { availableParallelism, loadavg } from 'node:os'
import { calls } from './receiver/calls.ts'
import { change } from './receiver/change.ts'
import { footprint } from './receiver/footprint.ts'
import type { Measurement, Row } from './receiver/measurement.ts'
import { metrics } from './receiver/metrics.ts'
import { startup } from './receiver/startup.ts'
import { webhook } from './receiver/webhook.ts'
import { table } from './table.ts'

const measurements: readonly Measurement[] = [webhook, calls, metrics, startup, footprint, change]

const load = () =>
  loadavg()
    .map((average) => average.toFixed(1))
    .join(', ')
const heads = ['what', 'receiver', 'against', 'ratio', 'goal', 'met']

const cells = ({ what, own, yardstick = '', ratio, goal }: Row) => [
  what,
  own,
  yardstick,
  ratio?.toFixed(2) ?? '',
  goal?.words ?? '',
  goal === undefined ? '' : goal.isMet ? 'yes' : 'NO',
]

const names = process.argv.slice(2)
const unknown = names.find((name) => measurements.every((one) => one.name !== name))
if (unknown !== undefined) {
  console.error(
    `there is no measurement ${unknown}; there are ${measurements.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
console.log(`${availableParallelism()} cores, load average ${load()} at the start`)
const rows: Row[] = []
for (const { name, run } of measurements) {
  if (names.length > 0 && !names.includes(name)) continue
  const startedMs = performance.now()
  rows.push(...(await run((line) => console.log(`${name}: ${line}`))))
  console.log(
    `${name}: took ${((performance.now() - startedMs) / 1_000).toFixed(0)} s, load average ${load()}`,
  )
}
console.log(`\n${table([heads, ...rows.map(cells)])}`)
