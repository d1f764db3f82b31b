import { runHpa } from '../../simulator/contenders/hpa.ts'
import { minutes, percent } from '../../simulator/report/facts.ts'
import { table } from '../../simulator/report/text.ts'
import type { Scene } from '../../simulator/run.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../../simulator/score.ts'
import type { Parts } from '../../simulator/suggest/parts.ts'
import type { Found, Labels } from '../../simulator/suggest/search.ts'
import { policyOf } from './policy-source.ts'

/** What the search has found, and how to judge it. */
export interface Suggestion {
  readonly found: Found
  readonly parts: Parts
  /** Most of the time above capacity that was asked for, 0 to 1. */
  readonly share: number
  readonly judge: (labels: Labels, scene: Scene) => Score | undefined
  /** Those of now. */
  readonly labels: Labels
}

const own = (labels: Labels) =>
  Object.fromEntries(
    Object.entries({ 'autoscaler.enable': 'true', ...labels }).filter(
      ([key]) => key.startsWith('autoscaler.') && !key.startsWith('autoscaler.state.'),
    ),
  )

/** The suggestion for people, in lines. `isKept`: whether it keeps the level on what was held out. */
export function suggestionText(
  { found, parts, share, judge, labels }: Suggestion,
  isKept: boolean,
): readonly string[] {
  const days = parts.heldOutDays > 0 ? `the last ${parts.heldOutDays} days` : 'the last 30 %'
  const rows = [
    ['now, as found on', judge(labels, parts.training)],
    ['suggested, as found on', found.score],
    [`now, ${days}`, judge(labels, parts.heldOut)],
    [`suggested, ${days}`, judge(found.labels, parts.heldOut)],
    [`Kubernetes HPA, ${days}`, hpaOn(parts.heldOut, labels)],
  ] as const
  const verdict = isKept
    ? `It keeps ${percent(share)} of the time above capacity on ${days}, which the search has not seen.`
    : `It does not keep ${percent(share)} of the time above capacity on ${days}, which the search has not seen. Allow more, or let it see more days.`
  return [
    table(
      ['', 'above capacity', 'of the time', 'replica-hours', 'changes'],
      rows.map(([name, score]) => rowOf(name, score, name.includes(days) ? parts.heldOut : parts.training)),
    ),
    '',
    `${verdict} ${found.tried} policies were tried.`,
    '',
    'labels:',
    ...Object.entries(own(found.labels)).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
  ]
}

function rowOf(name: string, score: Score | undefined, { load }: Scene): readonly string[] {
  if (score === undefined) return [name, '', '', '', '']
  const ofTime = percent((score.minutesAbove * 60) / load.length)
  return [name, minutes(score.minutesAbove), ofTime, score.replicaHours.toFixed(1), `${score.changes}`]
}

function hpaOn(scene: Scene, labels: Labels): Score {
  return scoreOf(scene, stepsOf(demandOf(scene)), runHpa(scene, policyOf(labels)))
}

/** The suggestion for programs, as one JSON object. */
export function suggestionJson({ found, parts, share, judge, labels }: Suggestion, isKept: boolean): string {
  const on = (scene: Scene) => ({
    from: new Date(scene.startMs).toISOString(),
    seconds: scene.load.length,
    now: judge(labels, scene),
    suggested: judge(found.labels, scene),
  })
  return JSON.stringify({
    labels: own(found.labels),
    slo: { shareOfTimeAbove: share, isKept },
    training: on(parts.training),
    heldOut: on(parts.heldOut),
    tried: found.tried,
  })
}
