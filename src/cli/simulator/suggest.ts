import { isTimezone } from '../../domain/schedule.ts'
import type { ReportInput } from '../../simulator/report/summary.ts'
import { runAutoscaler } from '../../simulator/run.ts'
import type { Scene } from '../../simulator/scene.ts'
import { demandOf, type Score, scoreOf, stepsOf } from '../../simulator/score.ts'
import { type Holdout, splitScene } from '../../simulator/suggest/holdout.ts'
import { parametersFor } from '../../simulator/suggest/parameters.ts'
import { searchPolicy } from '../../simulator/suggest/search.ts'
import { findWindows } from '../../simulator/suggest/windows.ts'
import { type Labels, policyOf } from '../policy-labels.ts'
import { exitStatus } from '../streams.ts'
import { UsageError } from '../usage-error.ts'
import type { CommonOptions } from './common-options.ts'
import type { SimulatorCommandContext } from './context.ts'
import { type ReplicaOptions, replicaModel } from './replica-model.ts'
import { type Suggestion, suggestionJson, suggestionText } from './suggestion-report.ts'

export const suggestFlags = {
  suggest: { type: 'boolean' },
  slo: { type: 'string' },
  timezone: { type: 'string' },
} as const

export const suggestHelp = [
  'Suggestion:',
  '  --suggest          find the cheapest labels that meet --slo, on the first 70 % of the days, and test them on the last 30 %',
  '  --slo L            maximum share of the time above capacity (default: "0.1% above capacity")',
  '  --timezone Z       time zone of the schedule windows that are found (default: UTC)',
] as const

interface SuggestOptions {
  readonly input: ReportInput
  readonly labels: Labels
  readonly replica: ReplicaOptions
  readonly options: CommonOptions
  readonly slo?: string
  readonly timezone?: string
}

/** The search must meet this share of the SLO, since unseen days may be worse than the days that it sees. */
const marginShare = 0.5

/** Searches for labels and prints them. Resolves with 1 if they miss the SLO on the held-out days. */
export async function suggest(
  asked: SuggestOptions,
  { streams, ports }: Pick<SimulatorCommandContext, 'streams' | 'ports'>,
): Promise<number> {
  const share = shareOf(asked.slo ?? '0.1% above capacity')
  const { input, timezone = 'UTC', options } = asked
  if (!isTimezone(timezone))
    throw new UsageError(
      `--timezone "${timezone}" must be the IANA name of a time zone such as Europe/Berlin`,
    )
  const holdout = splitScene(input.comparison.scene)
  const judge = judgeOf(asked)
  const found = searchPolicy({
    start: asked.labels,
    parameters: searchParameters(asked, holdout, timezone),
    judge: (labels) => judge(labels, holdout.training),
    maxMinutesAbove: (marginShare * share * holdout.training.load.length) / 60,
    progress: (done) => ports.progress('search', done),
  })
  if (found === undefined) throw new Error('no valid policy was found')
  const suggestion: Suggestion = { found, holdout, share, judge, labels: asked.labels }
  const heldOut = judge(found.labels, holdout.heldOut)
  const isMet = heldOut !== undefined && heldOut.minutesAbove <= (share * holdout.heldOut.load.length) / 60
  const lines = options.isJson ? [suggestionJson(suggestion, isMet)] : suggestionText(suggestion, isMet)
  for (const line of lines) streams.out(line)
  return isMet ? exitStatus.good : exitStatus.failure
}

function shareOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?%(?: above capacity)?$/.exec(text.trim())
  const share = Number(match?.[1]) / 100
  if (match === null || share > 1)
    throw new UsageError(`--slo "${text}" must be a share of the time, such as "0.1% above capacity"`)
  return share
}

/** Scores labels on a part of the load. Absent: the labels are invalid, or their target is above the capacity of a replica. */
function judgeOf({ options, replica, input }: SuggestOptions) {
  const { signal, comparison } = input
  const { capacity } = comparison.scene
  const demands = new Map<Scene, ReturnType<typeof stepsOf>>()
  return (labels: Labels, scene: Scene): Score | undefined => {
    const demand = demands.get(scene) ?? stepsOf(demandOf(scene))
    demands.set(scene, demand)
    try {
      const policy = policyOf(labels)
      const { target } = replicaModel(policy, { ...replica, signal, capacity })
      const costPerHour = options.costPerHour ?? policy.costPerHour
      return scoreOf(
        scene,
        demand,
        runAutoscaler({ ...scene, target }, policy, options.pipeline),
        costPerHour,
      )
    } catch (error) {
      if (error instanceof UsageError) return undefined
      throw error
    }
  }
}

function searchParameters(
  { labels, input, options, replica }: SuggestOptions,
  { training }: Holdout,
  timezone: string,
) {
  const supply = runAutoscaler(training, policyOf(labels), options.pipeline)
  return parametersFor({
    signal: input.signal,
    // In the unit of the label: for CPU a share of the limit.
    capacity: training.capacity / (input.signal === 'cpu' ? (replica.cpuLimit ?? 1) : 1),
    sortedDemand: demandOf(training).sort(),
    windows: findWindows(training, supply, timezone),
  })
}
