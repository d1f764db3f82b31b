import type { ReplicaChange } from '../docker-changes.ts'

/** A change of replicas as the history tells it. */
export interface ToldChange extends ReplicaChange {
  readonly by: 'autoscaler' | 'person' | 'redeploy'
}

/** Where the history of a service goes on from another number than it had come to. */
export interface Hole {
  readonly before: ToldChange
  readonly after: ToldChange
}

/** The holes in the changes of one service, which come in the order of the history. */
export function holesIn(told: readonly ToldChange[]): readonly Hole[] {
  return told.flatMap((after, index) => {
    const before = told[index - 1]
    return before === undefined || before.to === after.from ? [] : [{ before, after }]
  })
}

/** What of two tellings of the same changes has no counterpart in the other. */
export interface Unmatched {
  /** The history tells of it, and the engine does not. */
  readonly onlyTold: readonly ReplicaChange[]
  /** The engine made it, and the history does not tell of it. */
  readonly onlyMade: readonly ReplicaChange[]
}

/** Most that the two may be apart in time for the same change, in ms. */
const mostApartMs = 20_000

/**
 * Finds for each change that the history tells of the one that the engine made, both in their order and each at most once, so
 * that as many as possible have a counterpart. Both are of one service.
 */
export function match(told: readonly ReplicaChange[], made: readonly ReplicaChange[]): Unmatched {
  const most = mostPairs(told, made)
  const onlyTold: ReplicaChange[] = []
  const onlyMade: ReplicaChange[] = []
  let [t, m] = [0, 0]
  while (t < told.length && m < made.length) {
    if (areSame(told[t], made[m]) && most(t, m) === 1 + most(t + 1, m + 1)) {
      t++
      m++
    } else if (most(t, m) === most(t + 1, m)) onlyTold.push(...told.slice(t, ++t))
    else onlyMade.push(...made.slice(m, ++m))
  }
  return {
    onlyTold: [...onlyTold, ...told.slice(t)],
    onlyMade: [...onlyMade, ...made.slice(m)],
  }
}

/** The most pairs that can be made of what comes from these two on, in order. */
function mostPairs(
  told: readonly ReplicaChange[],
  made: readonly ReplicaChange[],
): (t: number, m: number) => number {
  const width = made.length + 1
  const table = new Uint16Array((told.length + 1) * width)
  const most = (t: number, m: number) => table[t * width + m] ?? 0
  for (let t = told.length - 1; t >= 0; t--) {
    for (let m = made.length - 1; m >= 0; m--) {
      const pair = areSame(told[t], made[m]) ? 1 + most(t + 1, m + 1) : 0
      table[t * width + m] = Math.max(pair, most(t + 1, m), most(t, m + 1))
    }
  }
  return most
}

function areSame(told: ReplicaChange | undefined, made: ReplicaChange | undefined): boolean {
  if (told === undefined || made === undefined) return false
  return told.from === made.from && told.to === made.to && Math.abs(told.atMs - made.atMs) <= mostApartMs
}
