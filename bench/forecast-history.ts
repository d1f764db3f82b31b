import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { prometheusTools } from '../test/support/tools/prometheus-tools.ts'
import { type Size, serviceName } from './made-up-exporter.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour
/** How long the bench may take: so much of each earlier day is asked for. */
const span = 10 * minute

type Range = { readonly begin: number; readonly end: number }

/** What the rules of the forecast have recorded and look back on, of services that have always needed what they have. */
function* lines({ services, replicas }: Size, now: number): Generator<string> {
  const lastDay = { begin: -day, end: -minute }
  const lastHours = { begin: -2 * hour, end: -minute }
  const earlierDays = [1, 2, 3, 4, 5, 6, 7].map((days) => ({
    begin: hour - days * day - span,
    end: hour - days * day + span,
  }))
  const series: readonly (readonly [
    name: string,
    labels: string,
    value: number,
    ranges: readonly Range[],
  ])[] = [
    ['replicas_needed:avg1m', '', replicas, [...earlierDays.toReversed(), lastHours]],
    ['replicas_needed:usual_in1h', '', replicas, [lastHours]],
    ['forecast_compared_replicas', ',of="today"', replicas, [lastHours]],
    ['forecast_compared_replicas', ',of="usual"', replicas, [lastHours]],
    ['forecast_replicas', '', replicas, [lastHours]],
    ['forecast_miss_replicas', '', 0.1, [lastDay]],
    ['forecast_outcome_replicas', '', replicas, [lastDay]],
  ]
  for (const [name, labels, value, ranges] of series) {
    for (let index = 0; index < services; index += 1) {
      const head = `swarm_autoscaler:${name}{service="${serviceName(index)}"${labels}} ${value}`
      for (const { begin, end } of ranges) {
        for (let at = begin; at <= end; at += minute) yield `${head} ${now + at}\n`
      }
    }
  }
  yield '# EOF\n'
}

/** Puts that history into the folder of a Prometheus that is about to start. */
export async function fillHistory(size: Size, data: string): Promise<void> {
  const file = join(data, '../history.om')
  await pipeline(Readable.from(lines(size, Math.floor(Date.now() / 1_000))), createWriteStream(file))
  const { promtool } = await prometheusTools()
  // A million samples take promtool a minute.
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, data])
}
