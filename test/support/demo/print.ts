import { fedShare } from '../load/starved.ts'
import type { LoopReport, Moment } from './loop.ts'

/** Heads the timeline. */
export const timelineHead = '   time     load  needed  desired  running   # runs  . shall run'

/** How long a timeline may say nothing. */
const quietMs = 5_000

/** Whether `moment` deserves a line after `last`, the one that had a line before it: it differs, or all has been quiet for 5 s. */
export function isWorthALine(moment: Moment, last: Moment | undefined): boolean {
  if (last === undefined || moment.scalings.length > 0) return true
  const differs = (['load', 'desired', 'running'] as const).some((key) => moment[key] !== last[key])
  return differs || shown(moment.needed) !== shown(last.needed) || moment.atMs - last.atMs >= quietMs
}

/** One line of the timeline, and one more for each change. Times count from `originMs`. */
export function timelineLines(moment: Moment, originMs: number): readonly string[] {
  const { atMs, load, needed, desired, running, scalings } = moment
  const cells = [
    seconds(atMs - originMs).padStart(8),
    `${load}/s`.padStart(7),
    shown(needed).padStart(6),
    String(desired).padStart(7),
    String(running).padStart(7),
  ]
  const changes = scalings.map(
    ({ from, to, reason, alertName, atMs: appliedMs }) =>
      `${' '.repeat(42)}${from} -> ${to}, ${reason} ${alertName}, applied at ${seconds(appliedMs - originMs)}`,
  )
  return [
    `${cells.join('  ')}   ${'#'.repeat(running)}${'.'.repeat(Math.max(0, desired - running))}`,
    ...changes,
  ]
}

/** What the loop took, part by part. */
export function summaryLines(report: LoopReport): readonly string[] {
  const since = (fromMs: number, toMs: number) => seconds(toMs - fromMs).padStart(8)
  const { loadAtMs, scrapedAtMs, alertAtMs, appliedAtMs, convergedAtMs, loadStoppedAtMs, backAtMs } = report
  const receiver =
    report.webhookSeconds === undefined ? '-' : `${(report.webhookSeconds * 1_000).toFixed(0)} ms`
  return [
    'From load to replicas:',
    `  load to the scrape that saw it   ${since(loadAtMs, scrapedAtMs)}`,
    `  scrape to the firing rule        ${since(scrapedAtMs, alertAtMs)}`,
    `  rule to the applied change       ${since(alertAtMs, appliedAtMs)}   Prometheus to Alertmanager to receiver`,
    `    of which the receiver          ${receiver.padStart(8)}   a post, on average`,
    `  load to alert                    ${since(loadAtMs, alertAtMs)}`,
    `  load to applied change           ${since(loadAtMs, appliedAtMs)}`,
    `  load to all tasks running        ${since(loadAtMs, convergedAtMs)}`,
    `  end of load to one replica       ${since(loadStoppedAtMs, backAtMs)}`,
    `Replicas: highest ${report.highest}, final ${report.final}, ${report.scalings.length} changes.`,
    ...(report.share < fedShare ? [busyLine(report.share)] : []),
  ]
}

function busyLine(share: number): string {
  return `The machine was busy: a task that wanted a processor had ${Math.round(100 * share)} % of one.`
}

function shown(needed: number | undefined): string {
  return needed === undefined ? '-' : needed.toFixed(1)
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
