import { table } from '../../../bench/table.ts'
import { type Check, type Evidence, figuresOf, longestLife } from './judge.ts'

/** The figures of a soak, and what was found of all that must hold. */
export function report(evidence: Evidence, checks: readonly Check[]): string {
  return [figuresTable(evidence), totalsTable(evidence), checksList(checks)].join('\n\n')
}

function figuresTable({ samples }: Evidence): string {
  const rows = figuresOf(samples).map(({ name, second, last, most }) => [
    name,
    ...[second, last, most].map((value) => value.toFixed(1)),
  ])
  return table([['of the receiver that lived longest', 'second third', 'last third', 'at most'], ...rows])
}

function totalsTable({ deeds, samples, made, history, errors, lastedMs }: Evidence): string {
  const life = longestLife(samples)
  const grown = (
    field: 'cpuSeconds' | 'dockerCalls' | 'conflicts' | 'applied' | 'requests' | 'serverErrors',
  ) => (life.at(-1)?.[field] ?? 0) - (life[0]?.[field] ?? 0)
  const livedSeconds = ((life.at(-1)?.atMs ?? 0) - (life[0]?.atMs ?? 0)) / 1_000
  const recorded = [...history.values()].flat().filter(({ by }) => by === 'autoscaler').length
  const faults = [...Map.groupBy(deeds, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`)
  const rows = [
    ['seconds', (lastedMs / 1_000).toFixed(0)],
    ['faults', faults.join(', ')],
    ['changes of replicas, by whomever', `${made.length}`],
    ['changes of the autoscaler in the history', `${recorded}`],
    ['size of the history, MB', `${((samples.at(-1)?.recordBytes ?? 0) / 1_048_576).toFixed(1)}`],
    ['errors in the log', `${errors.length}`],
    ['longest life: seconds', livedSeconds.toFixed(0)],
    ['longest life: requests', `${grown('requests')}, ${grown('serverErrors')} of them answered 5xx`],
    ['longest life: calls of Docker', `${grown('dockerCalls')}`],
    ['longest life: changes', `${grown('applied')}`],
    ['longest life: conflicts', `${grown('conflicts')}`],
    ['longest life: share of a core', `${((100 * grown('cpuSeconds')) / livedSeconds).toFixed(1)} %`],
    [
      'longest life: lag of the event loop, p99, at most',
      `${(1_000 * Math.max(...life.map(({ lagP99Seconds }) => lagP99Seconds))).toFixed(0)} ms`,
    ],
  ]
  return table([['figure', 'value'], ...rows])
}

/** A line for each: what is wrong can be long. */
function checksList(checks: readonly Check[]): string {
  return checks.map(({ name, isGood, found }) => `${isGood ? 'good ' : 'WRONG'} ${name}: ${found}`).join('\n')
}
