import { runHpa } from '../../simulator/baselines/hpa.ts'
import { minutes, percent } from '../../simulator/report/summary.ts'
import { table } from '../../simulator/report/text.ts'
import type { Scene } from '../../simulator/scene.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../../simulator/score.ts'
import type { Holdout } from '../../simulator/suggest/holdout.ts'
import type { Found } from '../../simulator/suggest/search.ts'
import { type Labels, policyOf } from '../policy-labels.ts'

/** What the search found, and how to score it. */
export interface Suggestion {
  readonly found: Found
  readonly holdout: Holdout
  /** The SLO: maximum share of the time above capacity, 0 to 1. */
  readonly share: number
  readonly judge: (labels: Labels, scene: Scene) => Score | undefined
  /** The current labels. */
  readonly labels: Labels
}

const policyLabels = (labels: Labels) =>
  Object.fromEntries(
    Object.entries({ 'autoscaler.enable': 'true', ...labels }).filter(
      ([key]) => key.startsWith('autoscaler.') && !key.startsWith('autoscaler.state.'),
    ),
  )

/** The suggestion for people, in lines. `isMet`: whether it meets the SLO on the held-out days. */
export function suggestionText(
  { found, holdout, share, judge, labels }: Suggestion,
  isMet: boolean,
): readonly string[] {
  const { training, heldOut, heldOutDays } = holdout
  const days = heldOutDays > 0 ? `the last ${heldOutDays} days` : 'the last 30 %'
  const rows = [
    rowOf('current, days searched', judge(labels, training), training),
    rowOf('suggested, days searched', found.score, training),
    rowOf(`current, ${days}`, judge(labels, heldOut), heldOut),
    rowOf(`suggested, ${days}`, judge(found.labels, heldOut), heldOut),
    rowOf(`Kubernetes HPA, ${days}`, hpaOn(heldOut, labels), heldOut),
  ]
  const slo = `${Number((100 * share).toPrecision(3))} % of the time above capacity on ${days}, which the search did not see`
  const verdict = isMet
    ? `The suggestion meets ${slo}.`
    : `The suggestion does not meet ${slo}. Allow a larger share, or give the search more days.`
  return [
    ...table(['', 'above capacity', 'of the time', 'replica-hours', 'changes'], rows),
    '',
    `${verdict} ${found.tried} policies were tried.`,
    '',
    'labels:',
    ...Object.entries(policyLabels(found.labels)).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
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
export function suggestionJson({ found, holdout, share, judge, labels }: Suggestion, isMet: boolean): string {
  const on = (scene: Scene) => ({
    from: new Date(scene.startMs).toISOString(),
    seconds: scene.load.length,
    now: judge(labels, scene),
    suggested: judge(found.labels, scene),
  })
  return JSON.stringify({
    labels: policyLabels(found.labels),
    slo: { shareOfTimeAbove: share, isKept: isMet },
    training: on(holdout.training),
    heldOut: on(holdout.heldOut),
    tried: found.tried,
  })
}
