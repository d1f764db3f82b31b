import type { Scene } from '../run.ts'

const day = 86_400
/** Share of the time that the search may not see. */
const heldOutShare = 0.3

/** A load in two parts: what a policy is found on, and what it is then tried on. */
export interface Parts {
  readonly training: Scene
  readonly heldOut: Scene
  /** Whole days held out; 0 where the load is too short to hold out days. */
  readonly heldOutDays: number
}

/** Holds the last days out, since the next days are what a policy is wanted for. */
export function splitScene(scene: Scene): Parts {
  const days = Math.round(scene.load.length / day)
  const heldOutDays = days >= 3 ? Math.max(1, Math.round(days * heldOutShare)) : 0
  const share = Math.ceil(scene.load.length * (1 - heldOutShare))
  const cut = heldOutDays > 0 ? (days - heldOutDays) * day : share
  return {
    training: { ...scene, load: scene.load.subarray(0, cut) },
    heldOut: { ...scene, load: scene.load.subarray(cut), startMs: scene.startMs + cut * 1_000 },
    heldOutDays,
  }
}
