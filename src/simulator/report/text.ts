import { formatDuration } from '../../domain/duration.ts'
import type { Result } from '../contest.ts'
import { againstHpa, digits, loadFacts, minutes, percent, type Subject } from './facts.ts'

/** The report for people, in lines. */
export function textReport(subject: Subject): readonly string[] {
  const { results } = subject.contest
  return [
    ...headOf(subject),
    '',
    table(mainHeads(results), results.map(mainRow)),
    '',
    'Elasticity, as defined by SPEC RG: mean of the replicas that are missing or too many, for how much of the time, and changes per hour',
    'beyond those of the demand.',
    table(['', 'missing', 'too many', 'time under', 'time over', 'jitter'], results.map(elasticityRow)),
    '',
    againstHpa(subject.contest),
  ]
}

export function headOf({ title, signal, trace, contest, isCapacityAssumed }: Subject): readonly string[] {
  const { mean, peak, fromMs, untilMs } = loadFacts(contest)
  const { capacity, target, startUpSeconds } = contest.scene
  const { gaps, stepMs } = trace
  const gapped =
    gaps.count === 0
      ? 'no gaps'
      : `${gaps.count} gaps bridged, ${formatDuration(gaps.longestMs)} at the longest, ${percent(gaps.totalMs / (untilMs - fromMs))} in all`
  return [
    `${title}: ${signal}, ${formatDuration(untilMs - fromMs)} from ${new Date(fromMs).toISOString()}, each ${formatDuration(stepMs)}, ${gapped}`,
    `load ${digits(mean)} on average, ${digits(peak)} at its peak`,
    `a replica can bear ${digits(capacity)}${isCapacityAssumed ? ' (assumed; --capacity says what is true)' : ''}, should bear ${digits(target)}, and works ${formatDuration(startUpSeconds * 1_000)} after it was asked for`,
  ]
}

const hasCost = (results: readonly Result[]) => results.some(({ score }) => score.cost !== undefined)

function mainHeads(results: readonly Result[]): readonly string[] {
  const cost = hasCost(results) ? ['cost'] : []
  return ['', 'above capacity', 'load above', 'replica-hours', ...cost, 'most', 'changes', 'turned in 10 min']
}

function mainRow({ name, score }: Result): readonly string[] {
  const cost = score.cost === undefined ? [] : [score.cost.toFixed(2)]
  return [
    name,
    minutes(score.minutesAbove),
    percent(score.shareAbove),
    score.replicaHours.toFixed(1),
    ...cost,
    `${score.peak}`,
    `${score.changes}`,
    `${score.reversals}`,
  ]
}

function elasticityRow({ name, score: { elasticity } }: Result): readonly string[] {
  const { underAccuracy, overAccuracy, underTimeshare, overTimeshare, jitter } = elasticity
  return [
    name,
    underAccuracy.toFixed(3),
    overAccuracy.toFixed(2),
    percent(underTimeshare),
    percent(overTimeshare),
    `${(jitter * 3_600).toFixed(1)}/h`,
  ]
}

/** Names stand left, numbers right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) => aligned(cells[column] ?? '', width, column))
      .join('   ')
      .trimEnd()
  return [heads, ...rows].map(line).join('\n')
}

function aligned(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width)
}
