import { formatDuration } from '../../domain/duration.ts'
import { Table } from '../../text/table.ts'
import type { Result } from '../comparison.ts'
import { againstHpa, digits, loadSummary, minutes, percent, type ReportInput } from './summary.ts'

/** The report for people, in lines. */
export function textReport(input: ReportInput): readonly string[] {
  const { results } = input.comparison
  return [
    ...headOf(input),
    '',
    ...table(mainHeads(results), results.map(mainRow)),
    '',
    'Elasticity by SPEC RG: mean number of missing and excess replicas, share of the time with either, and changes per hour minus those',
    'of the demand.',
    ...table(['', 'missing', 'excess', 'time under', 'time over', 'jitter'], results.map(elasticityRow)),
    '',
    againstHpa(input.comparison),
  ]
}

export function headOf({
  title,
  signal,
  trace,
  comparison,
  isCapacityAssumed,
}: ReportInput): readonly string[] {
  const { mean, peak, fromMs, untilMs } = loadSummary(comparison)
  const { capacity, target, startUpSeconds } = comparison.scene
  const { gaps, stepMs } = trace
  const gapText =
    gaps.count === 0
      ? 'no gaps'
      : `${gaps.count} gaps bridged, longest ${formatDuration(gaps.longestMs)}, total ${percent(gaps.totalMs / (untilMs - fromMs))}`
  return [
    `${title}: ${signal}, ${formatDuration(untilMs - fromMs)} from ${new Date(fromMs).toISOString()}, every ${formatDuration(stepMs)}, ${gapText}`,
    `load: ${digits(mean)} on average, peak ${digits(peak)}`,
    `replica: capacity ${digits(capacity)}${isCapacityAssumed ? ' (assumed; set it with --capacity)' : ''}, target ${digits(target)}, start-up ${formatDuration(startUpSeconds * 1_000)}`,
  ]
}

const hasCost = (results: readonly Result[]) => results.some(({ score }) => score.cost !== undefined)

function mainHeads(results: readonly Result[]): readonly string[] {
  const cost = hasCost(results) ? ['cost'] : []
  return [
    '',
    'above capacity',
    'load above',
    'replica-hours',
    ...cost,
    'peak',
    'changes',
    'reversed in 10 min',
  ]
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

/** A table of names and numbers, in lines. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const columns = heads.map((title, column) => ({
    title,
    cell: (row: readonly string[]) => row[column] ?? '',
    isRight: column > 0,
  }))
  return new Table<readonly string[]>({ layouts: [columns] }).lines(rows)
}
