import type { Score } from '../score.ts'

/** Labels of a policy by their full key. */
export type Labels = Readonly<Record<string, string>>

/** One label and its values, or several labels that belong together. An empty choice removes them. */
export interface Parameter {
  readonly name: string
  /** The keys of its labels; a choice without one of them removes that label. */
  readonly keys: readonly string[]
  readonly choices: readonly Labels[]
}

/** The score of labels on the training days. Absent: the labels are not a valid policy. */
type Judge = (labels: Labels) => Score | undefined

export interface SearchOptions {
  readonly start: Labels
  readonly parameters: readonly Parameter[]
  readonly judge: Judge
  readonly maxMinutesAbove: number
  /** Called before each policy that is tried, with the share of the work that is done. */
  readonly progress: (share: number) => void
}

export interface Found {
  readonly labels: Labels
  readonly score: Score
  /** Policies that were run. */
  readonly tried: number
}

/** More rounds over all parameters find nothing better. */
const maxRounds = 3

/**
 * The cheapest policy that stays within the minutes above capacity, found by changing one parameter at a time until nothing improves. If
 * none does, the one that comes closest. Absent: neither the start nor anything else is a valid policy.
 */
export function searchPolicy(options: SearchOptions): Found | undefined {
  const { start, parameters, maxMinutesAbove, progress } = options
  const judged = new Map<string, Score | undefined>()
  const steps = maxRounds * parameters.reduce((sum, { choices }) => sum + choices.length, 0)
  let done = 0
  const judge = (labels: Labels) => {
    const key = JSON.stringify(Object.entries(labels).sort())
    if (!judged.has(key)) judged.set(key, options.judge(labels))
    return judged.get(key)
  }
  let best = { labels: start, score: judge(start) }
  for (let round = 0; round < maxRounds; round += 1) {
    const before = best.labels
    for (const parameter of parameters) {
      for (const choice of parameter.choices) {
        progress(Math.min(0.99, done / steps))
        done += 1
        const labels = withChoice(best.labels, parameter, choice)
        const score = judge(labels)
        if (score !== undefined && isBetter(score, best.score, maxMinutesAbove)) best = { labels, score }
      }
    }
    if (best.labels === before) break
  }
  progress(1)
  const { labels, score } = best
  return score === undefined ? undefined : { labels, score, tried: judged.size }
}

function withChoice(labels: Labels, { keys }: Parameter, choice: Labels): Labels {
  const others = Object.entries(labels).filter(([key]) => !keys.includes(key))
  return { ...Object.fromEntries(others), ...choice }
}

/** By the minutes above the maximum first, then by cost, then by the number of changes. */
export function isBetter(one: Score, other: Score | undefined, maxMinutesAbove: number): boolean {
  if (other === undefined) return true
  const excess = (score: Score) => Math.max(0, score.minutesAbove - maxMinutesAbove)
  if (excess(one) !== excess(other)) return excess(one) < excess(other)
  if (one.replicaHours !== other.replicaHours) return one.replicaHours < other.replicaHours
  return one.changes < other.changes
}
