import type { Score } from '../score.ts'

/** Labels of a policy, keys with their prefix. */
export type Labels = Readonly<Record<string, string>>

/** What can be turned: a label and its values, or several labels that belong together. An empty entry leaves them away. */
export interface Knob {
  readonly name: string
  /** The labels that it speaks of; a choice that leaves one of them away removes it. */
  readonly keys: readonly string[]
  readonly choices: readonly Labels[]
}

/** How a policy does on the days that the search may see. Absent: its labels are no valid policy. */
type Judge = (labels: Labels) => Score | undefined

export interface SearchOptions {
  readonly start: Labels
  readonly knobs: readonly Knob[]
  readonly judge: Judge
  /** Most minutes above capacity. */
  readonly mostMinutesAbove: number
  /** Told before each policy that is tried, with the share of all that is done. */
  readonly progress: (share: number) => void
}

export interface Found {
  readonly labels: Labels
  readonly score: Score
  /** Policies that were run. */
  readonly tried: number
}

/** Turning one knob after the other finds no more after so many rounds. */
const mostRounds = 3

/**
 * The cheapest policy that keeps the level, by turning one knob at a time until nothing becomes better. Where none keeps it, the one
 * that comes nearest. Absent where the start is no valid policy and nothing else is.
 */
export function searchPolicy(options: SearchOptions): Found | undefined {
  const { start, knobs, mostMinutesAbove, progress } = options
  const judged = new Map<string, Score | undefined>()
  const steps = mostRounds * knobs.reduce((sum, { choices }) => sum + choices.length, 0)
  let done = 0
  const judge = (labels: Labels) => {
    const key = JSON.stringify(Object.entries(labels).sort())
    if (!judged.has(key)) judged.set(key, options.judge(labels))
    return judged.get(key)
  }
  let best = { labels: start, score: judge(start) }
  for (let round = 0; round < mostRounds; round += 1) {
    const before = best.labels
    for (const knob of knobs) {
      for (const choice of knob.choices) {
        progress(Math.min(0.99, done / steps))
        done += 1
        const labels = turned(best.labels, knob, choice)
        const score = judge(labels)
        if (score !== undefined && isBetter(score, best.score, mostMinutesAbove)) best = { labels, score }
      }
    }
    if (best.labels === before) break
  }
  progress(1)
  const { labels, score } = best
  return score === undefined ? undefined : { labels, score, tried: judged.size }
}

function turned(labels: Labels, { keys }: Knob, choice: Labels): Labels {
  const others = Object.entries(labels).filter(([key]) => !keys.includes(key))
  return { ...Object.fromEntries(others), ...choice }
}

/** First the level, then the cost; of equals the one that changes less. */
export function isBetter(one: Score, other: Score | undefined, mostMinutesAbove: number): boolean {
  if (other === undefined) return true
  const excess = (score: Score) => Math.max(0, score.minutesAbove - mostMinutesAbove)
  if (excess(one) !== excess(other)) return excess(one) < excess(other)
  if (one.replicaHours !== other.replicaHours) return one.replicaHours < other.replicaHours
  return one.changes < other.changes
}
