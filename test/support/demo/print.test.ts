import { describe, expect, it } from 'vitest'
import { fedShare } from '../load/starved.ts'
import type { LoopReport, Moment } from './loop.ts'
import { isWorthALine, summaryLines, timelineLines } from './print.ts'

const scaling = {
  atMs: 900,
  from: 1,
  to: 5,
  reason: 'alert',
  alertName: 'SwarmServiceNeedsMoreReplicas',
  alertStartsAtMs: 500,
}
const aMoment = (change: Partial<Moment> = {}): Moment => ({
  atMs: 0,
  load: 10,
  needed: 0.5,
  desired: 1,
  running: 1,
  scalings: [],
  ...change,
})

describe('the timeline of the demo', () => {
  it.each<[string, Partial<Moment>, boolean]>([
    ['leaves out what is as it was', { atMs: 4_999 }, false],
    ['reports every 5 s that nothing changed', { atMs: 5_000 }, true],
    ['reports another load', { load: 150 }, true],
    ['reports another need', { needed: 3.3 }, true],
    ['leaves out a need that prints the same', { needed: 0.52 }, false],
    ['reports that the need is no longer known', { needed: undefined }, true],
    ['reports another number of replicas', { desired: 5 }, true],
    ['reports a replica that runs', { running: 2 }, true],
    ['reports a change', { scalings: [scaling] }, true],
  ])('%s', (_, change, expected) => {
    expect(isWorthALine(aMoment(change), aMoment())).toBe(expected)
  })

  it('always has a first line', () => {
    expect(isWorthALine(aMoment(), undefined)).toBe(true)
  })

  it('shows what runs and what shall run, and the change with its alert beneath', () => {
    expect(
      timelineLines(aMoment({ atMs: 1_500, desired: 5, needed: 3.27, scalings: [scaling] }), 500),
    ).toEqual([
      '   1.0 s     10/s     3.3        5        1   #....',
      `${' '.repeat(42)}1 -> 5, alert SwarmServiceNeedsMoreReplicas, applied at 0.4 s`,
    ])
  })
})

describe('the summary of the demo', () => {
  const report: LoopReport = {
    loadAtMs: 0,
    scrapedAtMs: 4_500,
    alertAtMs: 8_700,
    appliedAtMs: 8_900,
    convergedAtMs: 28_100,
    loadStoppedAtMs: 30_000,
    backAtMs: 120_200,
    highest: 10,
    final: 1,
    webhookSeconds: 0.037,
    scalings: [scaling],
    share: 1,
  }

  it('reports how long the loop took, part by part', () => {
    const lines = summaryLines(report).join('\n')
    expect(lines).toMatch(/load to applied change +8\.9 s/)
    expect(lines).toMatch(/of which the receiver +37 ms/)
    expect(lines).toMatch(/highest 10, final 1, 1 changes\.$/)
  })

  it('reports a busy machine, since that explains slow parts', () => {
    expect(summaryLines({ ...report, share: fedShare }).join()).not.toContain('busy')
    expect(summaryLines({ ...report, share: 0.34 }).at(-1)).toBe(
      'The machine was busy: a task that wanted a processor had 34 % of one.',
    )
  })
})
