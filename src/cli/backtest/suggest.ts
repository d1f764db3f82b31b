import { isTimezone } from '../../domain/schedule.ts'
import type { Subject } from '../../simulator/report/facts.ts'
import { runAutoscaler, type Scene } from '../../simulator/run.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../../simulator/score.ts'
import { knobsFor } from '../../simulator/suggest/knobs.ts'
import { type Parts, splitScene } from '../../simulator/suggest/parts.ts'
import { type Labels, searchPolicy } from '../../simulator/suggest/search.ts'
import { findWindows } from '../../simulator/suggest/windows.ts'
import { exitStatus } from '../streams.ts'
import { modelPlant, type PlantWords } from './plant-words.ts'
import { policyOf } from './policy-source.ts'
import type { BacktestContext } from './run-command.ts'
import { type Suggestion, suggestionJson, suggestionText } from './suggestion.ts'
import { UsageError } from './usage-error.ts'
import type { CommonWords } from './words.ts'

export const suggestOptions = {
  suggest: { type: 'boolean' },
  slo: { type: 'string' },
  timezone: { type: 'string' },
} as const

export const suggestHelp = [
  'Suggestion:',
  '  --suggest          the cheapest labels that keep --slo: found on the first days, and tried on the last 30 %',
  '  --slo L            most of the time above capacity, such as "0.1% above capacity" (the default)',
  '  --timezone Z       of the windows that are found (default: UTC)',
] as const

interface Asked {
  readonly subject: Subject
  readonly labels: Labels
  readonly plant: PlantWords
  readonly slo: string | undefined
  readonly words: CommonWords
  readonly timezone: string | undefined
}

/** Days that were not seen may be worse than those that were, so the search has to keep this share of what is allowed. */
const marginShare = 0.5

/** Searches labels, and tells them. Resolves with 1 where no policy keeps the level on the days that were held out. */
export async function suggestFor(
  asked: Asked,
  { streams, backtest: ports }: BacktestContext,
): Promise<number> {
  const share = shareOf(asked.slo ?? '0.1% above capacity')
  const { subject, timezone = 'UTC', words } = asked
  if (!isTimezone(timezone))
    throw new UsageError(
      `--timezone "${timezone}" must be the IANA name of a time zone such as Europe/Berlin`,
    )
  const parts = splitScene(subject.contest.scene)
  const judge = judgeOf(asked, subject.signal)
  const found = searchPolicy({
    start: asked.labels,
    knobs: knobsOf(asked, parts, timezone),
    judge: (labels) => judge(labels, parts.training),
    mostMinutesAbove: (marginShare * share * parts.training.load.length) / 60,
    progress: (done) => ports.progress('search', done),
  })
  if (found === undefined) throw new Error('no valid policy was found')
  const suggestion: Suggestion = { found, parts, share, judge, labels: asked.labels }
  const heldOut = judge(found.labels, parts.heldOut)
  const isKept = heldOut !== undefined && heldOut.minutesAbove <= (share * parts.heldOut.load.length) / 60
  const lines = words.isJson ? [suggestionJson(suggestion, isKept)] : suggestionText(suggestion, isKept)
  for (const line of lines) streams.out(line)
  return isKept ? exitStatus.good : exitStatus.failure
}

function shareOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?%(?: above capacity)?$/.exec(text.trim())
  const share = Number(match?.[1]) / 100
  if (match === null || share > 1)
    throw new UsageError(`--slo "${text}" must be a share of the time, such as "0.1% above capacity"`)
  return share
}

/** How a policy of labels does on a part. Absent: the labels are no policy, or its target is above what a replica can bear. */
function judgeOf({ words, plant, subject }: Asked, signal: string) {
  const { capacity } = subject.contest.scene
  const demands = new Map<Scene, ReturnType<typeof stepsOf>>()
  return (labels: Labels, scene: Scene): Score | undefined => {
    const demand = demands.get(scene) ?? stepsOf(demandOf(scene))
    demands.set(scene, demand)
    try {
      const policy = policyOf(labels)
      const { target } = modelPlant(policy, { ...plant, signal, capacity })
      const costPerHour = words.costPerHour ?? policy.costPerHour
      return scoreOf(scene, demand, runAutoscaler({ ...scene, target }, policy, words.path), costPerHour)
    } catch (error) {
      if (error instanceof UsageError) return undefined
      throw error
    }
  }
}

function knobsOf({ labels, subject, words, plant }: Asked, { training }: Parts, timezone: string) {
  const policy = policyOf(labels)
  const supply = runAutoscaler(training, policy, words.path)
  return knobsFor({
    signal: subject.signal,
    // As a label has it: of CPU a share of the limit.
    capacity: training.capacity / (subject.signal === 'cpu' ? (plant.cpuLimit ?? 1) : 1),
    sortedDemand: demandOf(training).sort(),
    windows: findWindows(training, supply, timezone),
  })
}
