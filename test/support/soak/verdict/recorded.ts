import type { ReplicaChange } from '../docker-changes.ts'

/** A change of replicas as the history has it. */
export interface RecordedChange extends ReplicaChange {
  readonly by: 'autoscaler' | 'person' | 'redeploy'
}

/** Where the history of a service goes on from another number than it had come to. */
export interface Hole {
  readonly before: RecordedChange
  readonly after: RecordedChange
}

/** The holes in the changes of one service, which come in the order of the history. */
export function holesIn(recorded: readonly RecordedChange[]): readonly Hole[] {
  return recorded.flatMap((after, index) => {
    const before = recorded[index - 1]
    return before === undefined || before.to === after.from ? [] : [{ before, after }]
  })
}

/** What of two tellings of the same changes has no counterpart in the other. */
export interface Unmatched {
  /** Only the history has it. */
  readonly onlyRecorded: readonly ReplicaChange[]
  /** Only the engine has it. */
  readonly onlyMade: readonly ReplicaChange[]
}

/** Most that the two may be apart in time for the same change, in ms. */
const mostApartMs = 20_000

/**
 * Finds for each change in the history the one that the engine made, both in their order and each at most once, so
 * that as many as possible have a counterpart. Both are of one service.
 */
export function match(recorded: readonly ReplicaChange[], made: readonly ReplicaChange[]): Unmatched {
  const most = mostPairs(recorded, made)
  const onlyRecorded: ReplicaChange[] = []
  const onlyMade: ReplicaChange[] = []
  let [t, m] = [0, 0]
  while (t < recorded.length && m < made.length) {
    if (areSame(recorded[t], made[m]) && most(t, m) === 1 + most(t + 1, m + 1)) {
      t++
      m++
    } else if (most(t, m) === most(t + 1, m)) onlyRecorded.push(...recorded.slice(t, ++t))
    else onlyMade.push(...made.slice(m, ++m))
  }
  return {
    onlyRecorded: [...onlyRecorded, ...recorded.slice(t)],
    onlyMade: [...onlyMade, ...made.slice(m)],
  }
}

/** The most pairs that can be made of what comes from these two on, in order. */
function mostPairs(
  recorded: readonly ReplicaChange[],
  made: readonly ReplicaChange[],
): (t: number, m: number) => number {
  const width = made.length + 1
  const table = new Uint16Array((recorded.length + 1) * width)
  const most = (t: number, m: number) => table[t * width + m] ?? 0
  for (let t = recorded.length - 1; t >= 0; t--) {
    for (let m = made.length - 1; m >= 0; m--) {
      const pair = areSame(recorded[t], made[m]) ? 1 + most(t + 1, m + 1) : 0
      table[t * width + m] = Math.max(pair, most(t + 1, m), most(t, m + 1))
    }
  }
  return most
}

function areSame(recorded: ReplicaChange | undefined, made: ReplicaChange | undefined): boolean {
  if (recorded === undefined || made === undefined) return false
  return (
    recorded.from === made.from &&
    recorded.to === made.to &&
    Math.abs(recorded.atMs - made.atMs) <= mostApartMs
  )
}
