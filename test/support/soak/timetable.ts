import type { FaultKind } from './journal.ts'

/** A fault, and when it is due after the start, in ms. */
export interface Due {
  readonly kind: FaultKind
  readonly afterMs: number
}

/** Ends of the receiver, as parts of the whole time: between the last two, one process lives for 84 % of it. */
const ends: readonly (readonly [FaultKind, number])[] = [
  ['kill', 0.03],
  ['stop', 0.06],
  ['kill', 0.08],
  ['kill', 0.12],
  ['kill', 0.96],
]

/** How often the other faults come, in ms on average, as long as there is time for two of each. */
const everyMs = {
  engine: 400_000,
  alertmanager: 600_000,
  redeploy: 45_000,
  person: 40_000,
  conflict: 60_000,
  reload: 120_000,
  'wrong-reload': 900_000,
} as const satisfies Partial<Record<FaultKind, number>>

/** The faults of a run that `lastsMs`, in order. The same for the same numbers of `random`. */
export function timetable(lastsMs: number, random: () => number): readonly Due[] {
  const all: Due[] = ends.map(([kind, part]) => ({ kind, afterMs: part * lastsMs }))
  for (const [kind, meanMs] of Object.entries(everyMs) as [FaultKind, number][]) {
    const intervalMs = Math.min(meanMs, lastsMs / 3)
    for (let slotMs = 0; slotMs + intervalMs <= lastsMs; slotMs += intervalMs) {
      all.push({ kind, afterMs: slotMs + random() * intervalMs })
    }
  }
  return all.toSorted((a, b) => a.afterMs - b.afterMs)
}
